# bash completion for voltctl: the program itself says what may stand next.
_voltctl() {
    local line=${COMP_LINE:0:COMP_POINT} word
    local -a words
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[-1]}
    mapfile -t COMPREPLY < <("${words[0]}" complete -- "${words[@]:1}" 2> /dev/null)
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    # What stands before the last = or : is no part of the word that bash completes.
    if [[ $word == *[=:]* ]]; then
        local before=${word%"${word##*[=:]}"}
        COMPREPLY=("${COMPREPLY[@]#"$before"}")
    fi
}
complete -o bashdefault -o default -F _voltctl voltctl
