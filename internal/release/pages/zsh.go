package pages

import (
	"fmt"
	"strings"
)

// zsh has a function for each command, for _arguments to do the rest.
func zsh(program Command) string {
	var b strings.Builder
	b.WriteString("#compdef samlcli\n# Completion of samlcli for zsh. Install it in a directory of $fpath.\n" + posixNames)
	zshCommand(&b, "_samlcli", program)
	b.WriteString("if [[ $funcstack[1] == _samlcli ]]; then _samlcli \"$@\"; else compdef _samlcli samlcli; fi\n")
	return b.String()
}

func zshCommand(b *strings.Builder, function string, c Command) {
	for _, sub := range c.Commands {
		zshCommand(b, function+"_"+sub.Name, sub)
	}
	fmt.Fprintf(b, "%s() {\n    local curcontext=$curcontext state\n    local -a names\n    _arguments -C -s -S", function)
	for _, f := range c.Flags {
		b.WriteString(" \\\n        " + zshFlag(f))
	}
	b.WriteString(" \\\n        '(- *)--help[show help]'")
	switch {
	case len(c.Commands) > 0:
		b.WriteString(" \\\n        '1: :->command' '*:: :->rest'\n" + zshBelow(function, c))
	case c.runs():
		b.WriteString(" \\\n        '(-)1:program: _command_names -e' '*::argument: _normal'\n")
	case c.reads():
		b.WriteString(" \\\n        '1:file:_files'\n")
	case len(c.Values) > 0:
		b.WriteString(" \\\n        '1:name:(" + strings.Join(c.Values, " ") + ")'\n")
	default:
		b.WriteString("\n")
	}
	b.WriteString("}\n")
}

func zshBelow(function string, c Command) string {
	var b strings.Builder
	b.WriteString("    case $state in\n    command)\n        names=(")
	for _, sub := range c.Commands {
		fmt.Fprintf(&b, "\n            '%s:%s'", sub.Name, quoted(sub.Usage))
	}
	b.WriteString(")\n        _describe command names ;;\n    rest)\n        case $words[1] in\n")
	for _, sub := range c.Commands {
		fmt.Fprintf(&b, "        %s) %s_%s ;;\n", sub.Name, function, sub.Name)
	}
	b.WriteString("        esac ;;\n    esac\n")
	return b.String()
}

func zshFlag(f Flag) string {
	usage := quoted(strings.NewReplacer("[", `\[`, "]", `\]`).Replace(f.Usage))
	if f.Value == "" {
		if f.Short != "" {
			return fmt.Sprintf("'(-%s --%s)'{-%s,--%s}'[%s]'", f.Short, f.Name, f.Short, f.Name, usage)
		}
		return fmt.Sprintf("'--%s[%s]'", f.Name, usage)
	}
	action := " "
	switch f.kind() {
	case aFile:
		action = "_files"
	case aName:
		action = `{compadd -- ${(f)"$(_samlcli_names ` + f.Name + `)"}}`
	case aRole:
		action = `{compadd -- ${(f)"$(_samlcli_roles)"}}`
	default:
		if len(f.Values) > 0 {
			action = "(" + strings.Join(f.Values, " ") + ")"
		}
	}
	return fmt.Sprintf("'*--%s=[%s]:%s:%s'", f.Name, usage, f.Value, action)
}

// quoted escapes text for a string in single quotes.
func quoted(text string) string { return strings.ReplaceAll(text, `'`, `'\''`) }
