package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// A Form is one form of a page with all its controls, in document order. Changing it does not change the page.
type Form struct {
	Fields []*Field

	page    *Page
	element *goquery.Selection
	pressed *Field
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
		f.Fields = append(f.Fields, &Field{Name: name, Type: "hidden", Value: value, On: true, page: f.page, element: &goquery.Selection{}})
	}
	return f
}

// Press makes a button the one that submits the form; it must be one of its Fields. Nil presses none.
func (f *Form) Press(button *Field) *Form {
	f.pressed = button
	return f
}

// Pressed returns the button that submits the form; nil where none was pressed.
func (f *Form) Pressed() *Field { return f.pressed }

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

// Action returns where the form is sent to, as its pressed button or the form itself says.
func (f *Form) Action() (*url.URL, error) {
	action := f.said("action")
	if action == "" {
		u := *f.page.URL
		u.Fragment, u.RawFragment = "", ""
		return &u, nil
	}
	return f.page.Resolve(action)
}

// Method returns "GET" or "POST".
func (f *Form) Method() string {
	if strings.EqualFold(f.said("method"), "post") {
		return "POST"
	}
	return "GET"
}

// said returns what the pressed button says in its form… attribute, else the form's own attribute.
func (f *Form) said(attribute string) string {
	own := f.element.AttrOr(attribute, "")
	if f.pressed == nil {
		return own
	}
	return f.pressed.element.AttrOr("form"+attribute, own)
}
