# The program knows its own commands and options: it is asked what could stand next.
_pcpscope()
{
	local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT}
	local word=${line##* }
	COMPREPLY=($(pcpscope complete -- "$line" 2>/dev/null | cut -f 1))
	# bash takes "=" for a word of its own; what stands before it is there already.
	[[ $word == *=* ]] && COMPREPLY=("${COMPREPLY[@]#"${word%=*}="}")
	# A value follows.
	[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
	return 0
}
complete -o default -F _pcpscope pcpscope
