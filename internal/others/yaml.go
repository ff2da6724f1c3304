package others

import (
	"slices"
	"strconv"
	"strings"
)

// node is a key of a YAML file with its value, or with what is below it.
type node struct {
	key, value string
	indent     int
	children   []*node
}

// parseYAML reads the YAML that programs write for settings: maps in maps of plain and quoted values, a key a line. It
// refuses everything else rather than misread it. A library for all of YAML would be 300 KB of the program.
func parseYAML(data []byte) (*node, error) {
	root := &node{indent: -1}
	open := []*node{root} // the node that a line may be below, and those around it
	for i, line := range strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n") {
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text)
		if text = strings.TrimRight(text, " \t\r"); text == "" || text[0] == '#' || text == "---" && indent == 0 {
			continue
		}
		n, why := parseYAMLLine(text)
		for indent <= open[len(open)-1].indent {
			open = open[:len(open)-1]
		}
		parent := open[len(open)-1]
		switch {
		case why != "":
		case parent.value != "":
			why = "stands below a key that has a value"
		case len(parent.children) > 0 && parent.children[0].indent != indent:
			why = "is not indented as the keys beside it"
		case slices.ContainsFunc(parent.children, func(c *node) bool { return c.key == n.key }):
			why = "has a key that is there already"
		}
		if why != "" {
			return nil, &LineError{i + 1, why}
		}
		n.indent = indent
		parent.children = append(parent.children, n)
		open = append(open, n)
	}
	return root, nil
}

// parseYAMLLine reads "key: value", or says why it is something else.
func parseYAMLLine(text string) (n *node, why string) {
	key, rest, why := yamlScalar(text, ":")
	if why != "" {
		return nil, why
	}
	rest, isPair := strings.CutPrefix(rest, ":")
	if !isPair || key == "" || rest != "" && rest[0] != ' ' {
		return nil, "is no key: value"
	}
	value, rest, why := yamlScalar(strings.TrimLeft(rest, " "), " #")
	if rest = strings.TrimLeft(rest, " "); why == "" && rest != "" && rest[0] != '#' {
		why = "has more behind its value"
	}
	return &node{key: key, value: value}, why
}

// yamlScalar reads a quoted value, or a plain one, which goes on until the end.
func yamlScalar(text, end string) (value, rest, why string) {
	switch {
	case text == "" || text[0] == '#' || text == "~" || text == "null" || text == "{}" || text == "[]":
		return "", "", ""
	case text[0] == '"':
		quoted, _ := strconv.QuotedPrefix(text) // none, which cannot be unquoted, where the quotes do not end
		if value, err := strconv.Unquote(quoted); err == nil {
			return value, text[len(quoted):], ""
		}
		return "", "", "has quotes that do not end"
	case text[0] == '\'':
		for i := 1; i < len(text); i++ {
			if text[i] == '\'' && strings.HasPrefix(text[i+1:], "'") {
				i++
			} else if text[i] == '\'' {
				return strings.ReplaceAll(text[1:i], "''", "'"), text[i+1:], ""
			}
		}
		return "", "", "has quotes that do not end"
	case strings.ContainsRune("-?,[]{}&*!|>%@`\t", rune(text[0])):
		return "", "", "is YAML of a kind that is not read here: a list, a block, an anchor, a tag, a tab"
	}
	value = text
	if at := strings.Index(text, end); at >= 0 {
		value = text[:at]
	}
	rest = text[len(value):]
	if value = strings.TrimRight(value, " "); strings.Contains(value+" ", ": ") {
		return "", "", "has more behind its value"
	}
	return value, rest, ""
}
