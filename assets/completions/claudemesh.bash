# claudemesh in bash. What may stand at the cursor is said by the program itself: a new command needs nothing here.

_claudemesh() {
    local program=claudemesh line=${COMP_LINE:0:COMP_POINT} typed=$2 word=${COMP_WORDS[COMP_CWORD]} before='' text index
    local -a words=()
    [[ $1 = */* ]] && program=${1/#\~\//"${HOME-}/"}
    # Bash breaks words at = and : too. What stands there without a space between is one.
    for ((index = 0; index < COMP_CWORD; index++)); do
        if [[ $index -eq 0 || $line = [[:space:]]* ]]; then
            words+=("${COMP_WORDS[index]}")
        else
            words[${#words[@]} - 1]+=${COMP_WORDS[index]}
        fi
        line=${line#"${line%%[![:space:]]*}"}
        line=${line#"${COMP_WORDS[index]}"}
    done
    if [[ -n $line && $line != [[:space:]]* ]]; then
        before=${words[${#words[@]} - 1]}
        unset "words[${#words[@]} - 1]"
        [[ $word = [=:]* ]] && before+=$word typed=''
    fi
    while IFS=$'\t' read -r word text; do
        case $word in
        '') ;;
        :files) compopt -o default ;;
        :directories) compopt -o dirnames ;;
        "$before$typed"*) COMPREPLY+=("${word#"$before"}") ;;
        esac
    done <<< "$("$program" ---complete -- "${words[@]:1}" "$before$typed" 2> /dev/null < /dev/null)"
}

complete -F _claudemesh claudemesh
