package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// A Form is one form of a page with all its controls, in document order. Changing it does not change the page.
type Form struct {
	Fields []*Field

	page    *Page
	element *goquery.Selection
	pressed *Field
}

// A Field is a control of a form.
type Field struct {
	Name, ID string
	Type     string // of an input, lower case, "text" where unknown or missing; or "select", "textarea"; a button's is "submit", "button" or "reset"
	Value    string
	On       bool // checked; for other types always true
	Disabled bool
	Options  []Option // of a select

	element *goquery.Selection
}

// An Option is one entry of a select.
type Option struct {
	Value, Label string
	On, Disabled bool
}

// Forms returns the page's forms in document order.
func (p *Page) Forms() []*Form {
	p.parse()
	if p.read {
		return p.forms
	}
	p.read = true
	byMark, byID := map[string]*Form{}, map[string]*Form{}
	p.doc.Find("form").Each(func(_ int, element *goquery.Selection) {
		f := &Form{page: p, element: element}
		p.forms = append(p.forms, f)
		byMark[element.AttrOr(ownerMark, "")] = f
		if id := element.AttrOr("id", ""); id != "" && byID[id] == nil {
			byID[id] = f
		}
	})
	p.doc.Find("input, button, select, textarea").Each(func(_ int, control *goquery.Selection) {
		f := byMark[control.AttrOr(ownerMark, "none")]
		if id, ok := control.Attr("form"); ok {
			f = byID[id]
		}
		if f != nil && control.Closest("datalist, template").Length() == 0 {
			f.Fields = append(f.Fields, newField(control))
		}
	})
	return p.forms
}

// Form returns a copy of the first form that a CSS selector finds, or in which it finds a control; nil where there is none.
func (p *Page) Form(selector string) *Form {
	for _, f := range p.Forms() {
		if f.Is(selector) || slices.ContainsFunc(f.Fields, func(x *Field) bool { return x.element.Is(selector) }) {
			return f.Copy()
		}
	}
	return nil
}

// Copy returns a form that can be filled without changing f.
func (f *Form) Copy() *Form {
	c := *f
	c.Fields = make([]*Field, len(f.Fields))
	for i, field := range f.Fields {
		copied := *field
		copied.Options = slices.Clone(field.Options)
		c.Fields[i] = &copied
		if field == f.pressed {
			c.pressed = &copied
		}
	}
	return &c
}

// Is reports whether a CSS selector matches the form's element.
func (f *Form) Is(selector string) bool { return f.element.Is(selector) }

// Attr returns an attribute of the form's element.
func (f *Form) Attr(name string) string { return f.element.AttrOr(name, "") }

// Words returns what a person reads inside the form.
func (f *Form) Words() string { return Words(f.element) }

// Field returns the first control of that name, compared without case as old pages need; nil where there is none.
func (f *Form) Field(name string) *Field {
	for _, field := range f.Fields {
		if strings.EqualFold(field.Name, name) {
			return field
		}
	}
	return nil
}

// Value returns the value of the first control of that name.
func (f *Form) Value(name string) string {
	if field := f.Field(name); field != nil {
		return field.Value
	}
	return ""
}

// Set gives a control its value, checks the radio button or picks the option that has it, and adds a hidden control where
// the form has none of that name.
func (f *Form) Set(name, value string) *Form {
	var radios bool
	for _, field := range f.Fields {
		if field.Name != name || field.IsButton() {
			continue
		}
		if field.Type != "radio" {
			field.Set(value)
			return f
		}
		radios = true
		field.On = field.Value == value
	}
	if !radios {
		f.Fields = append(f.Fields, &Field{Name: name, Type: "hidden", Value: value, On: true, element: &goquery.Selection{}})
	}
	return f
}

// Set gives the control a value: a select picks the option, a checkbox becomes checked.
func (x *Field) Set(value string) {
	x.Value, x.On = value, true
	for i := range x.Options {
		x.Options[i].On = x.Options[i].Value == value
	}
}

// Press makes a button the one that submits the form; it must be one of its Fields. Nil presses none.
func (f *Form) Press(button *Field) *Form {
	f.pressed = button
	return f
}

// Buttons returns the controls that submit the form.
func (f *Form) Buttons() []*Field {
	var buttons []*Field
	for _, field := range f.Fields {
		if (field.Type == "submit" || field.Type == "image") && !field.Disabled {
			buttons = append(buttons, field)
		}
	}
	return buttons
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
		_, readonly := x.element.Attr("readonly")
		return !x.Disabled && !readonly && x.Visible()
	}
	return false
}

// Visible reports whether a person could see the control, as far as its own and its parents' attributes tell.
func (x *Field) Visible() bool {
	if x.Type == "hidden" {
		return false
	}
	for n := x.node(); n != nil && n.Type == html.ElementNode; n = n.Parent {
		if n.Data != "body" && n.Data != "html" && n.Data != "noscript" && unseenElement(n) {
			return false
		}
	}
	return true
}

// Attr returns an attribute of the control's element.
func (x *Field) Attr(name string) string { return x.element.AttrOr(name, "") }

// Is reports whether a CSS selector matches the control.
func (x *Field) Is(selector string) bool { return x.element.Is(selector) }

// Label returns what the page calls the control: its label, its words, its value as a button, placeholder or title.
func (x *Field) Label() string {
	if x.element.Length() == 0 {
		return ""
	}
	root := x.element.Parents().Last()
	var label string
	if x.ID != "" {
		root.Find("label").EachWithBreak(func(_ int, l *goquery.Selection) bool {
			if l.AttrOr("for", "") == x.ID {
				label = Words(l)
			}
			return label == ""
		})
	}
	for _, more := range []func() string{
		func() string { return Words(x.element.Closest("label")) },
		func() string { return x.Attr("aria-label") },
		func() string { return Words(x.element.Filter("button")) },
		func() string {
			if x.IsButton() {
				return x.Value
			}
			return ""
		},
		func() string { return x.Attr("placeholder") },
		func() string { return x.Attr("title") },
	} {
		if label == "" {
			label = more()
		}
	}
	return label
}

func (x *Field) node() *html.Node {
	if x.element.Length() == 0 {
		return nil
	}
	return x.element.Nodes[0]
}

func unseenElement(n *html.Node) bool {
	if n.Data == "select" { // its own text is no label, yet a person sees it
		clone := *n
		clone.Data = "input"
		return unseen(&clone)
	}
	return unseen(n)
}

func newField(s *goquery.Selection) *Field {
	x := &Field{Name: s.AttrOr("name", ""), ID: s.AttrOr("id", ""), Value: s.AttrOr("value", ""), On: true, element: s}
	x.Disabled = isDisabled(s)
	switch goquery.NodeName(s) {
	case "select":
		x.Type = "select"
		x.readOptions(s)
	case "textarea":
		x.Type, x.Value = "textarea", s.Text()
	case "button":
		x.Type = knownType(s, "submit", "submit", "button", "reset")
	default:
		x.Type = knownType(s, "text", inputTypes...)
	}
	if x.Type == "checkbox" || x.Type == "radio" {
		_, x.On = s.Attr("checked")
		if _, ok := s.Attr("value"); !ok {
			x.Value = "on"
		}
	}
	return x
}

var inputTypes = []string{"hidden", "text", "search", "tel", "url", "email", "password", "date", "month", "week", "time", "datetime-local", "number",
	"range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button"}

func knownType(s *goquery.Selection, otherwise string, known ...string) string {
	kind := strings.ToLower(strings.TrimSpace(s.AttrOr("type", "")))
	if slices.Contains(known, kind) {
		return kind
	}
	return otherwise
}

// readOptions finds a select's options; one that shows a single choice and has none selected shows the first it may.
func (x *Field) readOptions(s *goquery.Selection) {
	_, multiple := s.Attr("multiple")
	last, first := -1, -1
	s.Find("option").Each(func(i int, o *goquery.Selection) {
		label := Words(o)
		option := Option{Value: o.AttrOr("value", label), Label: o.AttrOr("label", label)}
		_, option.On = o.Attr("selected")
		_, option.Disabled = o.Attr("disabled")
		option.Disabled = option.Disabled || o.Closest("optgroup[disabled]").Length() > 0
		if option.On {
			last = i
		}
		if first < 0 && !option.Disabled {
			first = i
		}
		x.Options = append(x.Options, option)
	})
	if multiple {
		return
	}
	if last < 0 {
		last = first
	}
	for i := range x.Options {
		x.Options[i].On = i == last
	}
	if last >= 0 {
		x.Value = x.Options[last].Value
	}
}

// isDisabled follows the HTML standard: the control itself, or a disabled fieldset around it but for its first legend.
func isDisabled(s *goquery.Selection) bool {
	if _, ok := s.Attr("disabled"); ok {
		return true
	}
	disabled := false
	s.ParentsFiltered("fieldset[disabled]").Each(func(_ int, fieldset *goquery.Selection) {
		legend := fieldset.ChildrenFiltered("legend").First()
		if legend.Length() == 0 || !legend.Contains(s.Nodes[0]) {
			disabled = true
		}
	})
	return disabled
}

// Action returns where the form is sent to, as its pressed button or the form itself says.
func (f *Form) Action() (*url.URL, error) {
	action, ok := f.element.Attr("action")
	if f.pressed != nil {
		if own, has := f.pressed.element.Attr("formaction"); has {
			action, ok = own, true
		}
	}
	if !ok || strings.TrimSpace(action) == "" {
		u := *f.page.URL
		u.Fragment = ""
		return &u, nil
	}
	return f.page.Resolve(action)
}

// Method returns "GET" or "POST".
func (f *Form) Method() string {
	method := f.element.AttrOr("method", "")
	if f.pressed != nil {
		method = f.pressed.element.AttrOr("formmethod", method)
	}
	if strings.EqualFold(strings.TrimSpace(method), "post") {
		return "POST"
	}
	return "GET"
}

// Pressed returns the button that submits the form; nil where none was pressed.
func (f *Form) Pressed() *Field { return f.pressed }
