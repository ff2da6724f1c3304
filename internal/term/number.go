package term

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// pickByNumber shows the list once, numbered, and asks until a line names one item.
func (t *Terminal) pickByNumber(ctx context.Context, p *picker) error {
	t.write(p.numbered())
	question := fmt.Sprintf("%s, a number or part of a name [%d]:", strings.TrimSuffix(p.title, "?"), p.at+1)
	for {
		answer, err := t.Line(ctx, question)
		if err != nil {
			return err
		}
		found := p.named(strings.TrimSpace(answer))
		if len(found) == 1 {
			p.at = found[0]
			return nil
		}
		t.Say(fmt.Sprintf("%d of %d match.", len(found), len(p.items)))
	}
}

func (p *picker) numbered() string {
	var b strings.Builder
	group := ""
	for i, item := range p.items {
		if item.Group != group {
			group = item.Group
			b.WriteString(group + "\r\n")
		}
		fmt.Fprintf(&b, "%4d  %s%s\r\n", i+1, item.Label, gap(item.Detail))
	}
	return b.String()
}

// named returns the items that answer may mean: the current one if it is empty, the one with that number or that very
// label, else all that hold its words.
func (p *picker) named(answer string) []int {
	if answer == "" {
		return []int{p.at}
	}
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(p.items) {
		return []int{n - 1}
	}
	var same []int
	for i, item := range p.items {
		if strings.EqualFold(item.Label, answer) {
			same = append(same, i)
		}
	}
	if len(same) > 0 {
		return same
	}
	return p.matching(answer)
}
