# The program knows its own commands and options: it is asked what could stand next.
_pcpscope()
{
	local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
	COMPREPLY=($(pcpscope complete -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null | cut -f 1))
	# bash takes "=" for a word of its own; what stands before it is there already.
	[[ $word == "=" || ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]] &&
		COMPREPLY=("${COMPREPLY[@]#*=}")
	return 0
}
complete -o default -F _pcpscope pcpscope
