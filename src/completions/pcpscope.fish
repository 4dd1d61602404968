# The program knows its own commands and options: it is asked what could stand next.
complete -c pcpscope -a '(pcpscope complete -- (commandline -cp) 2>/dev/null)'
