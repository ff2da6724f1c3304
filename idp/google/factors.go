package google

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// factorOf says what a kind of challenge is to the person; false for those that cannot be answered from here.
func factorOf(kind string) (idp.Factor, bool) {
	switch kind {
	case "totp":
		return idp.TOTP, true
	case "az", "dp":
		return idp.Push, true
	case "ipp", "iap":
		return idp.SMS, true
	case "bc":
		return idp.Backup, true
	case "skotp", "ootp": // made by a key or a phone's settings: no stored seed has them
		return idp.Token, true
	case "pwd":
		return "", true
	}
	return "", false
}

// kindOfType reads a challengeType, as far as they are known.
func kindOfType(number string) string {
	switch number {
	case "1":
		return "pwd"
	case "4":
		return "az"
	case "6":
		return "totp"
	case "8":
		return "bc"
	case "9":
		return "ipp"
	case "39":
		return "dp"
	}
	return ""
}

// code answers a page with one field for a code.
func code(kind string) func(context.Context, *idp.Session) error {
	factor, _ := factorOf(kind)
	return func(ctx context.Context, s *idp.Session) error {
		if another := preferred(s, factor); another != nil {
			return s.Submit(ctx, another)
		}
		f := mainForm(s.Page())
		label := cmp.Or(s.Page().Text("[jsname=NhJ5Dd]"), codeField(f).Label())
		if kind == "skotp" {
			label = "Open g.co/sc on another device and type the code that it shows"
		}
		answer, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: factor, Label: label})
		if err != nil {
			return err
		}
		codeField(f).Set(digits(answer))
		return s.Submit(ctx, trusted(pressNext(f)))
	}
}

// digits drops what Google's messages and people put around a code: "G-123 456".
func digits(code string) string {
	code = strings.Join(strings.Fields(code), "")
	return strings.TrimPrefix(strings.TrimPrefix(code, "G-"), "g-")
}

// sendCode has a code sent to a phone that Google knows.
func sendCode(ctx context.Context, s *idp.Session) error {
	if another := preferred(s, idp.SMS, idp.Call); another != nil {
		return s.Submit(ctx, another)
	}
	f := mainForm(s.Page())
	way, err := chooseSending(ctx, s, f)
	if err != nil {
		return err
	}
	if way == nil {
		return s.Submit(ctx, trusted(pressNext(f)))
	}
	return s.Submit(ctx, trusted(f.Press(way)))
}

// chooseSending has the person choose among the buttons that send a code, by text or by voice; nil where there is none.
func chooseSending(ctx context.Context, s *idp.Session, f *web.Form) (*web.Field, error) {
	ways := slices.DeleteFunc(f.Buttons(), func(b *web.Field) bool { return !strings.EqualFold(b.Name, "SendMethod") })
	if len(ways) == 0 {
		return nil, nil
	}
	choice := idp.Choice{Title: "How shall Google send the code?"}
	for _, way := range ways {
		factor := idp.SMS
		if strings.EqualFold(way.Value, "VOICE") {
			factor = idp.Call
		}
		choice.Options = append(choice.Options, idp.Option{Label: cmp.Or(way.Label(), way.Value), Factor: factor})
	}
	index, err := chooseOr(ctx, s, choice)
	if err != nil {
		return nil, err
	}
	return ways[index], nil
}

// givePhone types the number that a code is to be sent to.
func givePhone(ctx context.Context, s *idp.Session) error {
	if another := preferred(s, idp.SMS, idp.Call); another != nil {
		return s.Submit(ctx, another)
	}
	f := mainForm(s.Page())
	number, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Answer, Label: "Phone number to send a code to"})
	if err != nil {
		return err
	}
	way, err := chooseSending(ctx, s, f)
	if err != nil {
		return err
	}
	f.Set("phoneNumber", number)
	if way == nil {
		return s.Submit(ctx, trusted(pressNext(f.Set("sendMethod", "SMS"))))
	}
	return s.Submit(ctx, trusted(f.Press(way)))
}

// preferred returns the form that leads to another way where the account would rather have one than these factors.
// It is looked for once.
func preferred(s *idp.Session, these ...idp.Factor) *web.Form {
	for _, factor := range these {
		if !s.Prefers(factor) {
			return nil
		}
	}
	if s.Notes[otherWay] != "" {
		return nil
	}
	s.Notes[otherWay] = "yes"
	return anotherWay(s.Page())
}

// anotherWay returns the form that a person would send to verify otherwise: the skip form, or in generation C the
// page's own by its second button. Nil where there is none.
func anotherWay(p *web.Page) *web.Form {
	if f := p.Form(`form[action$="/challenge/skip"]`); f != nil {
		return f
	}
	if f := mainForm(p); f != nil && press(f, "action", "3") {
		return f
	}
	return nil
}

// leaveUndrivable goes from a page that needs a security key, a passkey or a camera to the list of other ways.
func leaveUndrivable(ctx context.Context, s *idp.Session) error {
	if another := anotherWay(s.Page()); another != nil {
		return s.Submit(ctx, another)
	}
	return refuse(s, idp.MFAFailed, noWay, "")
}

// A way is one entry of the list of ways to verify, and the form that takes it.
type way struct {
	idp.Option
	kind string
	form *web.Form
}

func chooseFactor(ctx context.Context, s *idp.Session) error {
	s.Notes[otherWay] = "yes"
	all := ways(s.Page())
	isPassword := func(w way) bool { return w.kind == "pwd" }
	if i := slices.IndexFunc(all, isPassword); i >= 0 && !s.Given() {
		return s.Submit(ctx, all[i].form)
	}
	all = slices.DeleteFunc(all, isPassword)
	if len(all) == 0 {
		return refuse(s, idp.MFAFailed, noWay, "")
	}
	choice := idp.Choice{Title: "How shall Google verify that it is you?"}
	for _, w := range all {
		choice.Options = append(choice.Options, w.Option)
	}
	index, err := chooseOr(ctx, s, choice)
	if err != nil {
		return err
	}
	return s.Submit(ctx, all[index].form)
}

// chooseOr falls back on the factor that asks least of a person, where there is none to choose.
func chooseOr(ctx context.Context, s *idp.Session, choice idp.Choice) (int, error) {
	index, err := s.Ask.Choose(ctx, choice)
	if !errors.Is(err, idp.ErrNoAnswer) {
		return index, err
	}
	for _, factor := range [...]idp.Factor{idp.TOTP, idp.Push, idp.SMS, idp.Backup} {
		if i := slices.IndexFunc(choice.Options, func(o idp.Option) bool { return o.Factor == factor }); i >= 0 {
			return i, nil
		}
	}
	return 0, nil
}

// ways lists the entries of a page that can be walked from here. An entry is a form of its own in generation B, a button
// or a form in C.
func ways(p *web.Page) []way {
	var all []way
	add := func(kind, label string, f *web.Form) {
		if factor, drivable := factorOf(kind); drivable {
			all = append(all, way{idp.Option{Label: cmp.Or(label, kind), Factor: factor}, kind, f})
		}
	}
	for _, f := range p.Forms() {
		f = f.Copy()
		if kind := cmp.Or(formKind(f, ""), kindOfType(f.Value("challengeType"))); kind != "" && kind != "selection" {
			buttons := f.Buttons()
			if len(buttons) == 1 {
				f.Press(buttons[0])
			}
			add(kind, entryLabel(f), f)
			continue
		}
		for i, button := range f.Buttons() {
			pressed := f.Copy()
			pressed.Press(pressed.Buttons()[i])
			if number := button.Attr("data-challengetype"); number != "" && button.Name == "" {
				pressed.Set("challengeId", button.Attr("data-challengeid")).Set("challengeType", number)
			}
			add(cmp.Or(kindOfType(button.Attr("data-challengetype")), formKind(pressed, "")), button.Label(), pressed)
		}
	}
	return all
}

func entryLabel(f *web.Form) string {
	if words := f.Words(); words != "" {
		return words
	}
	if f.Pressed() != nil {
		return f.Pressed().Label()
	}
	return ""
}
