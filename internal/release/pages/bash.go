package pages

import (
	"fmt"
	"strings"
)

// The shells find names where the program keeps them: sections in the config, and the roles that requests led to. Nothing
// is asked over the network, and the program is not started.
const posixNames = `_samlcli_names() {
    sed -n 's/^[[:space:]]*\['"$1"'\."\{0,1\}\([^]"]*\).*/\1/p' "${SAMLCLI_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/samlcli/config.toml}" 2>/dev/null
}
_samlcli_roles() {
    find "${XDG_STATE_HOME:-$HOME/.local/state}/samlcli/accounts" -name 'role-*' -exec sed -n '/:role\//p' {} + 2>/dev/null | sort -u
}
`

// bash completes by whole words, as typed: bash itself would end one at : and =, which are in ARNs and --flag=value.
func bash(tree []place) string {
	var b strings.Builder
	b.WriteString("# Completion of samlcli for bash. Source it, or install it as share/bash-completion/completions/samlcli.\n" + posixNames)
	b.WriteString(`_samlcli() {
    local line=${COMP_LINE:0:COMP_POINT} command= previous current word i
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    current=${words[${#words[@]}-1]}
    previous=${words[${#words[@]}-2]}
    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        case "$command $word" in
`)
	for _, at := range tree[1:] {
		parent, name := parentOf(at.path)
		fmt.Fprintf(&b, "        '%s %s') command='%s' ;;\n", parent, name, at.path)
		if at.runs() {
			fmt.Fprintf(&b, "        '%s --') ((i < ${#words[@]} - 2)) && COMPREPLY=($(compgen -f -- \"$current\")) || COMPREPLY=($(compgen -c -- \"$current\")); return ;;\n", at.path)
		}
	}
	b.WriteString(`        esac
    done
    local prefix=${current%"${current##*[:=]}"}
    [[ $current == --*=* ]] && previous=${current%%=*} current=${current#*=}
    local choices=
    case $previous in
`)
	for _, f := range valued(tree) {
		fmt.Fprintf(&b, "    --%s) %s ;;\n", f.Name, bashValue(f))
	}
	b.WriteString("    *) case $command in\n")
	for _, at := range tree {
		files := ""
		if at.reads() {
			files = "[[ $current == -* ]] || { " + bashValue(Flag{Value: "FILE"}) + "; }; "
		}
		fmt.Fprintf(&b, "        '%s') %schoices='%s' ;;\n", at.path, files, strings.Join(at.words(), " "))
	}
	b.WriteString(`        esac ;;
    esac
    local IFS=$'\n'
    COMPREPLY=($(compgen -W "${choices// /$'\n'}" -- "$current"))
    COMPREPLY=("${COMPREPLY[@]#"$prefix"}")
}
complete -F _samlcli samlcli
`)
	return b.String()
}

// bashValue sets the choices of a flag's value, or answers at once.
func bashValue(f Flag) string {
	switch f.kind() {
	case aFile:
		return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$current")); return`
	case aName:
		return "choices=$(_samlcli_names " + f.Name + ")"
	case aRole:
		return "choices=$(_samlcli_roles)"
	}
	if len(f.Values) == 0 {
		return "return"
	}
	return "choices='" + strings.Join(f.Values, " ") + "'"
}

// parentOf splits the last word off a command's path.
func parentOf(path string) (parent, name string) {
	words := strings.Fields(path)
	return strings.Join(words[:len(words)-1], " "), words[len(words)-1]
}
