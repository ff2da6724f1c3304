package term

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/samlcli/samlcli/internal/plain"
)

// List is what Choose offers.
type List struct {
	Title   string // what is chosen: "Role"
	Items   []Item // items of one group stand together
	Default int    // the item that Enter chooses at first
}

// Item is one row of a List. A row reads Label, Detail; a Group is a heading above its rows. Typing filters by all three.
type Item struct{ Group, Label, Detail string }

// Choose shows list and returns the index of the item that the person chooses; the list is then replaced by one line
// that names it. Typed words filter, arrows, Page, Home, End and Ctrl-N/P move, Enter chooses, Esc clears the filter or
// leaves, Ctrl-C leaves. On a terminal that is Dumb or has no size the list is numbered and the answer is a line.
// However it ends, the terminal is as it was before. When ctx ends, Choose returns its error at once.
func (t *Terminal) Choose(ctx context.Context, list List) (int, error) {
	if len(list.Items) == 0 {
		return 0, errors.New("nothing to choose from")
	}
	p := newPicker(list)
	ask := t.pick
	if width, height := t.size(); t.Dumb || width == 0 || height == 0 {
		ask = t.pickByNumber
	}
	if err := ask(ctx, p); err != nil {
		return 0, fmt.Errorf("choosing from a list: %w", err)
	}
	return p.chosen(), nil
}

func (t *Terminal) size() (width, height int) {
	width, height, err := term.GetSize(int(t.out.Fd()))
	if err != nil {
		return 0, 0
	}
	return width, height
}

func (t *Terminal) pick(ctx context.Context, p *picker) error {
	err := t.raw(ctx, func(next reader) error {
		for done := false; !done; {
			width, height := t.size()
			t.write(eraseBelow + p.draw(width, height, !t.NoColor))
			k, err := next(endless)
			if err != nil {
				return err
			}
			if done, err = p.press(k); err != nil {
				return err
			}
		}
		return nil
	})
	t.write(eraseBelow)
	if err != nil {
		return err
	}
	t.Say(lead(p.title) + " " + p.items[p.chosen()].Label)
	return nil
}

// picker is a list being chosen from: which items the filter leaves, and where among them the person is.
type picker struct {
	title  string
	items  []Item   // cleaned
	words  []string // what the filter looks at, an item each
	filter []byte
	shown  []int // indexes of the items that the filter leaves
	at     int   // the current one, as an index of shown
	top    int   // the first row in view
	page   int   // how many rows were in view
}

func newPicker(list List) *picker {
	p := &picker{title: plain.Text(list.Title)}
	for i, item := range list.Items {
		item = Item{plain.Text(item.Group), plain.Text(item.Label), plain.Text(item.Detail)}
		p.items = append(p.items, item)
		p.words = append(p.words, strings.ToLower(item.Group+" "+item.Label+" "+item.Detail))
		p.shown = append(p.shown, i)
	}
	if list.Default > 0 && list.Default < len(p.items) {
		p.at = list.Default
	}
	return p
}

// chosen is the current item. Only a picker that shows something has one.
func (p *picker) chosen() int { return p.shown[p.at] }

// press does what k means, and reports whether the current item was chosen.
func (p *picker) press(k key) (done bool, err error) {
	switch k.kind {
	case enter:
		return len(p.shown) > 0, nil
	case interrupt:
		return false, ErrInterrupted
	case escape, end:
		if len(p.filter) == 0 {
			return false, ErrInterrupted
		}
		p.narrow(nil)
	case text, rubOut, eraseWord, eraseLine:
		p.narrow(edit(p.filter, k))
	case up:
		p.move(-1)
	case down:
		p.move(+1)
	case pageUp:
		p.move(-p.page)
	case pageDown:
		p.move(+p.page)
	case first:
		p.move(-len(p.shown))
	case last:
		p.move(+len(p.shown))
	}
	return false, nil
}

func (p *picker) move(n int) { p.at = max(0, min(p.at+n, len(p.shown)-1)) }

// narrow shows the items that hold every word of filter, and stays at the current one if it is among them.
func (p *picker) narrow(filter []byte) {
	current := -1
	if len(p.shown) > 0 {
		current = p.chosen()
	}
	p.filter = filter
	p.shown = p.matching(string(filter))
	p.at = max(0, slices.Index(p.shown, current))
}

func (p *picker) matching(filter string) []int {
	var matching []int
	words := strings.Fields(strings.ToLower(filter))
	for i, text := range p.words {
		missing := func(word string) bool { return !strings.Contains(text, word) }
		if !slices.ContainsFunc(words, missing) {
			matching = append(matching, i)
		}
	}
	return matching
}

// lead is a title as it stands before what is chosen: a question has its mark, all else gets a colon.
func lead(title string) string {
	if strings.HasSuffix(title, "?") {
		return title
	}
	return title + ":"
}
