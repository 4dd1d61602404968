# The program knows its own commands and options: it is asked what could stand next. Files where it has nothing.
function __pcpscope_next
	pcpscope complete -- (commandline -cp) 2>/dev/null
end
complete -c pcpscope -n 'count (__pcpscope_next) >/dev/null' -f -a '(__pcpscope_next)'
