package term

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

type choice struct {
	index int
	err   error
}

func choose(t *Terminal, ctx context.Context, list List) chan choice {
	got := make(chan choice, 1)
	go func() {
		index, err := t.Choose(ctx, list)
		got <- choice{index, err}
	}()
	return got
}

var roles = List{Title: "Role", Default: 1, Items: []Item{
	{"111122223333 (prod)", "Admin", "via\x1b]0;x\a Okta"},
	{"111122223333 (prod)", "ReadOnly", ""},
	{"444455556666 (dev)", "Admin", ""},
	{"444455556666 (dev)", "日本語ロール", ""},
}}

func TestChooseFilterAndPick(t *testing.T) {
	t.Parallel()
	p := newPty(t, 60, 24)
	got := choose(New(p.slave, p.slave), t.Context(), roles)
	p.see("Role:\n  111122223333 (prod)\n  Admin  via]0;x Okta\n[> ReadOnly]\n  444455556666 (dev)\n  Admin\n  日本語ロール\n" +
		"4 of 4; type to filter, Enter chooses, Esc leaves")
	p.press("DEV adm")
	p.see("Role: DEV adm\n  444455556666 (dev)\n[> Admin]\n1 of 4; type to filter, Enter chooses, Esc leaves")
	p.press("x\r") // nothing to choose
	p.see("Role: DEV admx\n0 of 4; type to filter, Enter chooses, Esc leaves")
	p.press("\x1b")
	p.seePart("Role:\n  111122223333 (prod)\n[> Admin  via")
	p.press("\x1b[F\x1bOA\r")
	if got := <-got; got != (choice{2, nil}) {
		t.Errorf("Choose() = %v, want 2", got)
	}
	p.see("Role: Admin")
}

func TestLead(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]string{"Role": "Role:", "Which second factor?": "Which second factor?"} {
		if got := lead(title); got != want {
			t.Errorf("lead(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestChooseKeys(t *testing.T) {
	list := List{Title: "Role"}
	for i := range 284 {
		list.Items = append(list.Items, Item{Group: fmt.Sprintf("account %d", i/7), Label: fmt.Sprintf("role %d", i)})
	}
	for _, c := range []struct {
		name, typed string
		height      int
		seen        string
		want        int
	}{
		{"down", "\x1b[B\x0e", 24, "[> role 2]", 2},
		{"end", "\x1b[4~", 24, "  account 40\n  role 280\n  role 281\n  role 282\n[> role 283]\n284 of 284", 283},
		{"end and up", "\x05\x1b[A\x10", 24, "[> role 281]", 281},
		{"pages", "\x1b[6~\x1b[6~\x1b[5~", 10, "[> role 8]", 8},
		{"the first line names the account", "\x1b[6~\x1b[6~\x1b[5~\x1b[A\x1b[A\x1b[A", 10, "Role:\n  account 0\n[> role 5]", 5},
		{"home", "\x1b[F\x01\x1b[A", 6, "Role:\n  account 0\n[> role 0]\n", 0},
		{"a tiny window", "\x1b[B", 3, "Role:\n[> role 1]\n284 of 284", 1},
		{"a tinier window", "\x1b[B", 2, "Role:\n[> role 1]", 1},
		{"a filter keeps the current", "\x1b[F28", 24, "[> role 283]", 283},
		{"one line", "\x1b[B27", 1, "Role: 27", 27},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t, 40, c.height)
			before := p.modes()
			got := choose(New(p.slave, p.slave), t.Context(), list)
			p.seePart("Role:")
			p.press(c.typed)
			p.seePart(c.seen)
			p.press("\r")
			if got := <-got; got != (choice{c.want, nil}) {
				t.Errorf("Choose() = %v, want %d", got, c.want)
			}
			p.see(fmt.Sprintf("Role: role %d", c.want))
			if after := p.modes(); after != before {
				t.Errorf("modes = %v, want %v", after, before)
			}
		})
	}
}

func TestChooseResized(t *testing.T) {
	t.Parallel()
	p := newPty(t, 60, 24)
	terminal := New(p.slave, p.slave)
	terminal.NoColor = true
	got := choose(terminal, t.Context(), roles)
	p.seePart("Esc leaves")
	p.resize(10, 4)
	p.press("\x1b[F")
	p.see("Role:\n  444455…\n> 日本語…\n4 of 4; …")
	p.press("\r")
	<-got
}

func TestChooseEnds(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		want        error
	}{
		{"Ctrl-C", "adm\x03", ErrInterrupted},
		{"Ctrl-D", "\x04", ErrInterrupted},
		{"Esc", "adm\x15\x1b", ErrInterrupted},
		{"cancel", "", context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t, 80, 24)
			before := p.modes()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			got := choose(New(p.slave, p.slave), ctx, roles)
			p.seePart("Esc leaves")
			p.press(c.typed)
			if c.want == context.Canceled {
				cancel()
			}
			if got := <-got; !errors.Is(got.err, c.want) {
				t.Errorf("Choose() = %v, want %v", got, c.want)
			}
			p.see("")
			if after := p.modes(); after != before {
				t.Errorf("modes = %v, want %v", after, before)
			}
		})
	}
}

func TestChooseByNumber(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		want        int
	}{
		{"number", "3\n", 2},
		{"default", "\n", 1},
		{"words", "nothing\nadmin\n9\nADMIN dev\n", 2},
		{"label", "readonly\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t, 0, 0)
			got := choose(New(p.slave, p.slave), t.Context(), roles)
			p.seePart("111122223333 (prod)\n   1  Admin  via]0;x Okta\n   2  ReadOnly\n444455556666 (dev)\n   3  Admin\n" +
				"   4  日本語ロール\nRole, a number or part of a name [2]:")
			p.press(c.typed)
			if got := <-got; got != (choice{c.want, nil}) {
				t.Errorf("Choose() = %v, want %d", got, c.want)
			}
		})
	}
}

func TestChooseFromNothing(t *testing.T) {
	t.Parallel()
	if _, err := New(nil, nil).Choose(t.Context(), List{Title: "Role"}); err == nil {
		t.Error("Choose() of nothing gives no error")
	}
}
