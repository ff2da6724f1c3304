package web

import (
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/internal/plain"
)

// A Field is a control of a form.
type Field struct {
	Name, ID string
	Type     string // of an input, lower case, "text" where unknown or missing; or "select", "textarea"; a button's is "submit", "button" or "reset"
	Value    string
	On       bool // checked; for other types always true
	Disabled bool
	Options  []Option // of a select

	page    *Page
	element *goquery.Selection
	hidden  bool // by an attribute, its own or one around it
}

// An Option is one entry of a select.
type Option struct {
	Value, Label string
	On, Disabled bool
}

// Set gives the control a value: a select picks the option, a checkbox becomes checked.
func (x *Field) Set(value string) {
	x.Value, x.On = value, true
	for i := range x.Options {
		x.Options[i].On = x.Options[i].Value == value
	}
}

// IsButton reports whether the control is a button of any kind.
func (x *Field) IsButton() bool {
	switch x.Type {
	case "submit", "image", "button", "reset":
		return true
	}
	return false
}

// Fillable reports whether a person could type into the control.
func (x *Field) Fillable() bool {
	switch x.Type {
	case "text", "email", "tel", "number", "password", "search", "url", "textarea":
		return !x.Disabled && !x.readonly() && x.Visible()
	}
	return false
}

// readonly reports whether a person cannot change the control. Some pages take the attribute away as soon as somebody
// turns to it: that is against browsers that fill in by themselves.
func (x *Field) readonly() bool {
	_, readonly := x.element.Attr("readonly")
	for _, handler := range []string{"onfocus", "onclick", "onmousedown", "ontouchstart"} {
		readonly = readonly && !strings.Contains(strings.ToLower(x.Attr(handler)), "readonly")
	}
	return readonly
}

// Visible reports whether a person could see the control, as far as its own and its parents' attributes tell.
func (x *Field) Visible() bool { return x.Type != "hidden" && !x.hidden }

// Attr returns an attribute of the control's element.
func (x *Field) Attr(name string) string { return x.element.AttrOr(name, "") }

// Is reports whether a CSS selector matches the control.
func (x *Field) Is(selector string) bool { return x.element.Is(selector) }

// maxLabel is how many characters of a label are shown.
const maxLabel = 300

// Label returns what the page calls the control, as one safe line: its label, its words, its value or its picture as a
// button, placeholder or title.
func (x *Field) Label() string {
	candidates := []func() string{
		func() string { return x.page.labels()[x.ID] },
		func() string { return Words(x.element.Closest("label")) },
		func() string { return x.Attr("aria-label") },
		func() string { return Words(x.element.Filter("button")) },
		x.buttonValue,
		func() string { return x.element.Filter("input").AddSelection(x.element.Find("img")).AttrOr("alt", "") },
		func() string { return x.Attr("placeholder") },
		func() string { return x.Attr("title") },
	}
	for _, candidate := range candidates {
		if label := plain.Short(candidate(), maxLabel); label != "" {
			return label
		}
	}
	return ""
}

func (x *Field) buttonValue() string {
	if x.IsButton() {
		return x.Value
	}
	return ""
}

// labels returns the words of the page's labels by the id of the control that each is for.
func (p *Page) labels() map[string]string {
	if p.labelled == nil {
		p.labelled = map[string]string{}
		p.Find("label[for]").Each(func(_ int, label *goquery.Selection) {
			if id := label.AttrOr("for", ""); p.labelled[id] == "" && id != "" {
				p.labelled[id] = Words(label)
			}
		})
	}
	return p.labelled
}

// sanitised is the HTML standard's "value sanitization algorithm", for the types that login pages use.
func sanitised(kind, value string) string {
	switch kind {
	case "text", "search", "tel", "password":
		return strings.NewReplacer("\r", "", "\n", "").Replace(value)
	case "email", "url":
		return strings.Trim(strings.NewReplacer("\r", "", "\n", "").Replace(value), " \t\f")
	}
	return value
}
