package term

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/samlcli/samlcli/internal/plain"
)

// The cursor of a list rests in its first line, behind the filter. So whatever a resize does to the lines below,
// one sequence erases the whole list.
const (
	eraseBelow = "\r\x1b[J"
	reverse    = "\x1b[7m"
	upright    = "\x1b[0m"
)

// draw returns what shows the list in a window: title and filter, rows, a line that counts. The cursor, at the start
// of an empty line before, is behind the filter after.
func (p *picker) draw(width, height int, color bool) string {
	width = max(width-1, 1) // a full last column would wrap
	head := cut(lead(p.title)+" "+plain.Text(string(p.filter)), width)
	lines := append([]string{head}, p.rows(width, height-2, color)...)
	count := fmt.Sprintf("%d of %d; type to filter, Enter chooses, Esc leaves", len(p.shown), len(p.items))
	lines = append(lines, cut(count, width))
	lines = lines[:max(1, min(len(lines), height))]

	s := strings.Join(lines, "\r\n") + "\r"
	if below := len(lines) - 1; below > 0 {
		s += fmt.Sprintf("\x1b[%dA", below)
	}
	return s + fmt.Sprintf("\x1b[%dC", max(1, cells(head)))
}

// row is a line of the list: an item, or the heading of the items that follow.
type row struct {
	item    int // as an index of shown
	heading bool
}

// rows returns the lines in view: as many as fit, the current item among them.
func (p *picker) rows(width, height int, color bool) []string {
	all, current := p.layout()
	p.page = max(1, min(height, len(all)))
	p.scroll(all, current)
	var lines []string
	for i, r := range all[p.top:min(p.top+p.page, len(all))] {
		item := p.items[p.shown[r.item]]
		covered := i == 0 && p.top < current && item.Group != ""
		switch {
		case r.heading || covered:
			lines = append(lines, cut("  "+item.Group, width))
		case r.item == p.at && color:
			lines = append(lines, reverse+cut(p.mark(r)+item.Label+gap(item.Detail), width)+upright)
		default:
			lines = append(lines, cut(p.mark(r)+item.Label+gap(item.Detail), width))
		}
	}
	return lines
}

// layout is every row, and which of them is the current item.
func (p *picker) layout() (all []row, current int) {
	group := ""
	for i, index := range p.shown {
		if g := p.items[index].Group; g != group {
			group = g
			if g != "" {
				all = append(all, row{i, true})
			}
		}
		if i == p.at {
			current = len(all)
		}
		all = append(all, row{i, false})
	}
	return all, current
}

// scroll moves the view as little as it takes to show the current row, and the heading above it: the first row in view
// stands for its group (rows), so that nobody takes a role for another account's.
func (p *picker) scroll(all []row, current int) {
	highest := current
	if p.page > 1 && current > 0 {
		highest--
	}
	p.top = min(p.top, highest, max(0, len(all)-p.page))
	p.top = max(p.top, current-p.page+1)
}

func (p *picker) mark(r row) string {
	if r.item == p.at {
		return "> "
	}
	return "  "
}

func gap(detail string) string {
	if detail == "" {
		return ""
	}
	return "  " + detail
}

// cut is s in at most width cells, with an ellipsis where something was cut.
func cut(s string, width int) string {
	if cells(s) <= width {
		return s
	}
	used := 0
	for i, r := range s {
		if used+cellsOf(r) > width-1 {
			return s[:i] + "…"
		}
		used += cellsOf(r)
	}
	return s
}

func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cellsOf(r)
	}
	return n
}

// cellsOf is how many columns r takes, nearly: two for the wide scripts of East Asia and for pictures, none for marks.
func cellsOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) && (r < 0xff61 || r > 0xffdc):
		return 2
	case r >= 0x3000 && r <= 0x303e, r >= 0xff01 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff:
		return 2
	}
	return 1
}
