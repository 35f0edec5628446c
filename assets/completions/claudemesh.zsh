#compdef claudemesh
# claudemesh in zsh. What may stand at the cursor is said by the program itself: a new command needs nothing here.

_claudemesh() {
    local program=claudemesh value text
    local -a values rows
    [[ $words[1] = */* ]] && program=${${(Q)words[1]}/#\~\//$HOME/}
    while IFS=$'\t' read -r value text; do
        case $value in
        (:files) compset -P '-*='; _files; return ;;
        (:directories) compset -P '-*='; _files -/; return ;;
        esac
        values+=("$value")
        rows+=("${value//:/\\:}${text:+:$text}")
    done < <("$program" ---complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null < /dev/null)
    (( $#values )) && _describe -t offers claudemesh rows values
}

# Found by its name in $fpath it is called at once; read by `source` it waits.
if [[ $funcstack[1] = _claudemesh ]]; then _claudemesh "$@"; else compdef _claudemesh claudemesh; fi
