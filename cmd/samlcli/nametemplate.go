package main

import (
	"fmt"
	"strings"
	"text/template/parse"
)

// nameTemplate is the part of Go's templates that names something: text, fields, if and else, and the functions or, and, not,
// eq and ne. Every value is a text; an empty one is false.
type nameTemplate struct {
	tree *parse.Tree
	text string
}

func parseName(text string) (*nameTemplate, error) {
	functions := map[string]any{"or": 0, "and": 0, "not": 0, "eq": 0, "ne": 0} // it looks for names alone
	trees, err := parse.Parse("template", text, "", "", functions)
	if err != nil {
		return nil, err
	}
	return &nameTemplate{trees["template"], text}, nil
}

// execute fills the fields in.
func (t *nameTemplate) execute(fields map[string]string) (string, error) {
	e := &evaluation{fields: fields}
	return e.list(t.tree.Root), e.err
}

// evaluation walks a template's tree, and notes the first thing in it that it does not know.
type evaluation struct {
	fields map[string]string
	err    error
}

func (e *evaluation) unknown(n parse.Node) string {
	if e.err == nil {
		e.err = fmt.Errorf("%s cannot be used here", n)
	}
	return ""
}

func (e *evaluation) list(l *parse.ListNode) string {
	var b strings.Builder
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			b.Write(n.Text)
		case *parse.ActionNode:
			b.WriteString(e.pipe(n.Pipe))
		case *parse.IfNode:
			switch {
			case e.pipe(n.Pipe) != "":
				b.WriteString(e.list(n.List))
			case n.ElseList != nil:
				b.WriteString(e.list(n.ElseList))
			}
		default:
			e.unknown(n)
		}
	}
	return b.String()
}

// pipe evaluates commands of which each has the value of the one before as its last argument.
func (e *evaluation) pipe(p *parse.PipeNode) string {
	if len(p.Decl) > 0 {
		return e.unknown(p)
	}
	var last []string
	for _, c := range p.Cmds {
		last = []string{e.command(c, last)}
	}
	return last[0]
}

func (e *evaluation) command(c *parse.CommandNode, last []string) string {
	function, is := c.Args[0].(*parse.IdentifierNode)
	if !is {
		if len(c.Args) > 1 || len(last) > 0 {
			return e.unknown(c)
		}
		return e.value(c.Args[0])
	}
	var args []string
	for _, n := range c.Args[1:] {
		args = append(args, e.value(n))
	}
	value, ok := apply(function.Ident, append(args, last...))
	if !ok {
		return e.unknown(c)
	}
	return value
}

func (e *evaluation) value(n parse.Node) string {
	switch n := n.(type) {
	case *parse.FieldNode:
		if value, known := e.fields[strings.Join(n.Ident, ".")]; known {
			return value
		}
	case *parse.StringNode:
		return n.Text
	case *parse.PipeNode:
		return e.pipe(n)
	}
	return e.unknown(n)
}

// apply calls a function, where it takes so many arguments.
func apply(function string, args []string) (value string, ok bool) {
	truth := map[bool]string{true: "true"}
	switch {
	case function == "not" && len(args) == 1:
		return truth[args[0] == ""], true
	case function == "eq" && len(args) == 2:
		return truth[args[0] == args[1]], true
	case function == "ne" && len(args) == 2:
		return truth[args[0] != args[1]], true
	case len(args) == 0 || function != "or" && function != "and":
		return "", false
	}
	for _, value = range args {
		if (value != "") == (function == "or") {
			break
		}
	}
	return value, true
}
