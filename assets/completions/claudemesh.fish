# claudemesh in fish. What may stand at the cursor is said by the program itself: a new command needs nothing here.

function __claudemesh_offers
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program claudemesh
    string match -q '*/*' -- $words[1]; and set program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    set -l offers ($program ---complete -- $words $typed 2> /dev/null < /dev/null)
    set -l before (string match -r '^-[^=]*=' -- $typed)
    switch "$offers[1]"
        case :files
            printf '%s\n' "$before"(__fish_complete_path (string replace -- "$before" '' $typed))
        case :directories
            printf '%s\n' "$before"(__fish_complete_directories (string replace -- "$before" '' $typed) '')
        case '*'
            printf '%s\n' $offers
    end
end

complete -c claudemesh -e
complete -c claudemesh -f -a '(__claudemesh_offers)'
