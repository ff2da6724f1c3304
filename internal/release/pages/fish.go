package pages

import (
	"fmt"
	"strings"
)

func fish(tree []place) string {
	var b strings.Builder
	b.WriteString(`# Completion of samlcli for fish. Install it as share/fish/vendor_completions.d/samlcli.fish.
function __samlcli_names
    set -l config $SAMLCLI_CONFIG
    test -n "$config"; or set config (test -n "$XDG_CONFIG_HOME"; and echo $XDG_CONFIG_HOME; or echo ~/.config)/samlcli/config.toml
    sed -n 's/^[[:space:]]*\['$argv[1]'\."\{0,1\}\([^]"]*\).*/\1/p' $config 2>/dev/null
end
function __samlcli_roles
    find (test -n "$XDG_STATE_HOME"; and echo $XDG_STATE_HOME; or echo ~/.local/state)/samlcli/accounts -name 'role-*' -exec sed -n '/:role\//p' '{}' + 2>/dev/null | sort -u
end
# The command that the words before the cursor lead to.
function __samlcli_command
    set -l command ''
    for word in (commandline -opc)[2..]
        switch "$command $word"
`)
	for _, at := range tree[1:] {
		parent, name := parentOf(at.path)
		fmt.Fprintf(&b, "            case '%s %s'\n                set command '%s'\n", parent, name, at.path)
		if at.runs() {
			fmt.Fprintf(&b, "            case '%s --'\n                set command '%s --'\n", at.path, at.path)
		}
	}
	b.WriteString(`        end
    end
    echo $command
end
function __samlcli_at
    test (__samlcli_command) = "$argv"
end
complete -c samlcli -f
complete -c samlcli -l help -d 'show help'
`)
	for _, at := range tree {
		if at.runs() {
			fmt.Fprintf(&b, "complete -c samlcli -n '__samlcli_at %s --' -a '(complete -C (string replace -r \"^.*? -- +\" \"\" (commandline -cp)))'\n", at.path)
		}
		for _, sub := range at.Commands {
			fmt.Fprintf(&b, "complete -c samlcli -n '__samlcli_at %s' -a %s -d '%s'\n", at.path, sub.Name, fishQuoted(sub.Usage))
		}
		if at.reads() {
			fmt.Fprintf(&b, "complete -c samlcli -n '__samlcli_at %s' -F\n", at.path)
		}
		if len(at.Values) > 0 {
			fmt.Fprintf(&b, "complete -c samlcli -n '__samlcli_at %s' -a '%s'\n", at.path, strings.Join(at.Values, " "))
		}
		for _, f := range at.Flags {
			fmt.Fprintf(&b, "complete -c samlcli -n '__samlcli_at %s'%s\n", at.path, fishFlag(f))
		}
	}
	return b.String()
}

func fishFlag(f Flag) string {
	flag := " -l " + f.Name
	if f.Short != "" {
		flag += " -s " + f.Short
	}
	switch {
	case f.Value == "":
	case f.kind() == aFile:
		flag += " -rF"
	case f.kind() == aName:
		flag += " -xa '(__samlcli_names " + f.Name + ")'"
	case f.kind() == aRole:
		flag += " -xa '(__samlcli_roles)'"
	default:
		flag += " -xa '" + strings.Join(f.Values, " ") + "'"
	}
	return flag + " -d '" + fishQuoted(f.Usage) + "'"
}

func fishQuoted(text string) string {
	return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text)
}
