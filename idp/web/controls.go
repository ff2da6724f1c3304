package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/samlcli/samlcli/internal/plain"
)

// Forms returns the page's forms in document order.
func (p *Page) Forms() []*Form {
	p.parse()
	if p.read {
		return p.forms
	}
	p.read = true
	r := reader{page: p, byMark: map[string]*Form{}, byID: map[string]*Form{}}
	p.doc.Find("form").Each(func(_ int, element *goquery.Selection) {
		f := &Form{page: p, element: element}
		p.forms = append(p.forms, f)
		r.byMark[element.AttrOr(ownerMark, "none")] = f
		if id := element.AttrOr("id", ""); r.byID[id] == nil {
			r.byID[id] = f
		}
	})
	r.walk(p.doc.Nodes[0], around{})
	for _, f := range p.forms {
		oneRadioEach(f)
	}
	return p.forms
}

// reader gathers the controls of a page and gives each to its form.
type reader struct {
	page         *Page
	byMark, byID map[string]*Form
}

// around is what the elements around a control mean for it.
type around struct {
	form             string // the mark of the nearest form
	disabled, hidden bool
}

func (r *reader) walk(n *html.Node, outer around) {
	inner := outer
	if n.Type == html.ElementNode {
		if n.Data == "datalist" {
			return
		}
		if n.Data == "form" {
			inner.form, _ = attr(n, ownerMark)
		}
		inner.hidden = outer.hidden || hides(n)
		if isControl(n.Data) {
			r.control(n, inner)
		}
		_, off := attr(n, "disabled")
		inner.disabled = outer.disabled || n.Data == "fieldset" && off
	}
	spared := n.Data == "fieldset" // the first legend of a fieldset is not disabled with it
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		next := inner
		if spared && c.Data == "legend" && c.Type == html.ElementNode {
			spared, next.disabled = false, outer.disabled
		}
		r.walk(c, next)
	}
}

func (r *reader) control(n *html.Node, a around) {
	mark, marked := attr(n, ownerMark)
	if r.byMark[mark] == nil || !marked {
		mark = a.form
	}
	f := r.byMark[mark]
	if id, ok := attr(n, "form"); ok {
		f = r.byID[id]
		if id == "" {
			f = nil
		}
	}
	if f == nil {
		return
	}
	x := newField(&goquery.Selection{Nodes: []*html.Node{n}})
	x.page, x.hidden = r.page, a.hidden
	x.Disabled = x.Disabled || a.disabled
	f.Fields = append(f.Fields, x)
}

// hides reports whether an element's controls cannot be seen.
func hides(n *html.Node) bool {
	switch n.Data {
	case "html", "body", "noscript":
		return false
	case "select": // its own text is no label, yet a person sees it
		return hiddenByAttribute(n)
	}
	style, _ := attr(n, "style")
	return unseen(n) || offScreen(style)
}

// offScreen reports whether a style puts an element a hundred units or more beyond an edge, where forms set their traps.
func offScreen(style string) bool {
	for declaration := range strings.SplitSeq(strings.ToLower(style[:min(len(style), 1000)]), ";") {
		property, value, _ := strings.Cut(declaration, ":")
		digits, beyond := strings.CutPrefix(strings.TrimSpace(value), "-")
		switch strings.TrimSpace(property) {
		case "left", "top", "right", "bottom", "text-indent":
			if far := len(digits) - len(strings.TrimLeft(digits, "0123456789")); beyond && far >= 3 {
				return true
			}
		}
	}
	return false
}

func attr(n *html.Node, name string) (value string, ok bool) {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val, true
		}
	}
	return "", false
}

// oneRadioEach leaves only the last checked button of each group on, as the HTML standard does.
func oneRadioEach(f *Form) {
	checked := map[string]*Field{}
	for _, x := range f.Fields {
		if x.Type != "radio" || !x.On || x.Name == "" {
			continue
		}
		if before := checked[x.Name]; before != nil {
			before.On = false
		}
		checked[x.Name] = x
	}
}

func newField(s *goquery.Selection) *Field {
	x := &Field{Name: s.AttrOr("name", ""), ID: s.AttrOr("id", ""), Value: s.AttrOr("value", ""), On: true, element: s}
	_, x.Disabled = s.Attr("disabled")
	switch goquery.NodeName(s) {
	case "select":
		x.Type = "select"
		x.readOptions(s)
	case "textarea":
		x.Type, x.Value = "textarea", s.Text()
	case "button":
		x.Type = knownType(s, "submit", "submit", "button", "reset")
	default:
		x.Type = knownType(s, "text", "hidden", "text", "search", "tel", "url", "email", "password", "date", "month", "week", "time",
			"datetime-local", "number", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button")
		x.Value = sanitised(x.Type, x.Value)
	}
	if x.Type == "checkbox" || x.Type == "radio" {
		_, x.On = s.Attr("checked")
		x.Value = s.AttrOr("value", "on")
	}
	return x
}

func knownType(s *goquery.Selection, otherwise string, known ...string) string {
	kind := strings.ToLower(s.AttrOr("type", ""))
	if slices.Contains(known, kind) {
		return kind
	}
	return otherwise
}

// readOptions finds a select's options; one that shows a single choice and has none selected shows the first it may.
func (x *Field) readOptions(s *goquery.Selection) {
	last, first := -1, -1
	s.Find("option").Each(func(i int, o *goquery.Selection) {
		text := strings.Join(strings.Fields(o.Text()), " ")
		option := Option{Value: o.AttrOr("value", text), Label: plain.Short(o.AttrOr("label", text), maxLabel)}
		_, option.On = o.Attr("selected")
		option.Disabled = o.Is("[disabled], optgroup[disabled] > option")
		if option.On {
			last = i
		}
		if first < 0 && !option.Disabled {
			first = i
		}
		x.Options = append(x.Options, option)
	})
	if _, multiple := s.Attr("multiple"); multiple {
		return
	}
	if size, _ := strconv.Atoi(s.AttrOr("size", "1")); last < 0 && size <= 1 {
		last = first
	}
	for i := range x.Options {
		x.Options[i].On = i == last
	}
	if last >= 0 {
		x.Value = x.Options[last].Value
	}
}
