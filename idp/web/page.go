package web

import (
	"bytes"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"

	"github.com/samlcli/samlcli/internal/plain"
)

// A Page is one answer: HTML, JSON or anything else. It is read only when it is asked something.
type Page struct {
	URL    *url.URL // after redirects
	Status int
	Header http.Header
	Body   []byte

	doc     *goquery.Document
	err     error
	charset encoding.Encoding
	label   string // the character set's name
	forms   []*Form
	read    bool

	labelled map[string]string
	json     Value
	jsonRead bool
}

// Err says why the page could not be read as HTML: it is nested too deep, or has too many parts. Such a page is empty.
func (p *Page) Err() error {
	p.parse()
	return p.err
}

// Find returns what a CSS selector finds; nothing on a page that is no HTML.
func (p *Page) Find(selector string) *goquery.Selection {
	p.parse()
	return p.doc.Find(selector)
}

// Has reports whether a CSS selector finds something.
func (p *Page) Has(selector string) bool { return p.Find(selector).Length() > 0 }

// Attr returns an attribute of the first element found; "" where there is none.
func (p *Page) Attr(selector, name string) string {
	return p.Find(selector).First().AttrOr(name, "")
}

// Texts returns the visible words of each element found that has any, as one safe line. It looks at no more than the
// first 50.
func (p *Page) Texts(selector string) []string {
	var texts []string
	found := p.Find(selector)
	for i := range min(found.Length(), 50) {
		if text := Words(found.Eq(i)); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// Text returns the first of Texts.
func (p *Page) Text(selector string) string {
	for _, text := range p.Texts(selector) {
		return text
	}
	return ""
}

// Title returns the page's title as one safe line.
func (p *Page) Title() string { return plain.Short(p.Find("head title").First().Text(), 120) }

// Path returns the path of the page's address.
func (p *Page) Path() string { return p.URL.Path }

// Host returns the page's host and port, as Host does.
func (p *Page) Host() string { return Host(p.URL) }

// IsJSON reports whether the server calls the page JSON.
func (p *Page) IsJSON() bool {
	kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// Resolve reads a reference as the page means it: against its <base>, else its address.
func (p *Page) Resolve(reference string) (*url.URL, error) {
	if href, ok := p.Find("base[href]").First().Attr("href"); ok {
		if base, err := Resolve(p.URL, href); err == nil && base.Host != "" {
			return Resolve(base, reference)
		}
	}
	return Resolve(p.URL, reference)
}

// maxWords is how much of a text is read, in bytes: more than any sentence or label.
const maxWords = 10_000

// Words returns the text of a selection that a person would see, as one safe line: without scripts, styles and what is
// marked as hidden. Of a long text it is the beginning.
func Words(s *goquery.Selection) string {
	var b strings.Builder
	for _, n := range s.Nodes {
		if shown(n.Parent) {
			words(&b, n)
		}
	}
	return plain.Text(b.String())
}

func shown(n *html.Node) bool {
	for ; n != nil && n.Type == html.ElementNode; n = n.Parent {
		if n.Data != "noscript" && unseen(n) {
			return false
		}
	}
	return true
}

func words(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data[:min(len(n.Data), max(0, maxWords-b.Len()))])
		return
	}
	if b.Len() >= maxWords || n.Type == html.ElementNode && unseen(n) {
		return
	}
	block := n.Type == html.ElementNode && !inline(n.Data)
	if block {
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		words(b, c)
	}
	if block {
		b.WriteByte(' ')
	}
}

// inline reports whether an element does not part the words before it from those behind.
func inline(element string) bool {
	switch element {
	case "a", "abbr", "b", "code", "em", "i", "font", "mark", "small", "span", "strong", "sub", "sup", "u":
		return true
	}
	return false
}

func unseen(n *html.Node) bool {
	switch n.Data {
	case "script", "style", "template", "head", "noscript", "svg", "select", "datalist", "iframe":
		return true
	}
	return hiddenByAttribute(n)
}

func hiddenByAttribute(n *html.Node) bool {
	for _, a := range n.Attr {
		switch {
		case a.Key == "hidden", a.Key == "aria-hidden" && a.Val == "true":
			return true
		case a.Key == "style" && hidesBy(a.Val):
			return true
		}
	}
	return false
}

func hidesBy(style string) bool {
	style = style[:min(len(style), 1000)]
	style = strings.ToLower(strings.Join(strings.Fields(style), ""))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden")
}

// parse reads the page once. Scripts count as off, so that noscript has content; templates have none.
func (p *Page) parse() {
	if p.doc != nil {
		return
	}
	p.doc = goquery.NewDocumentFromNode(&html.Node{Type: html.DocumentNode})
	root, reason := tree(p.decoded())
	if reason != "" {
		p.err = &PageError{URL: p.URL, Status: p.Status, Reason: reason}
		return
	}
	p.doc = goquery.NewDocumentFromNode(root)
	p.doc.Find("template").Contents().Remove()
}

// tree reads HTML, or says why it is beyond the bounds of a page.
func tree(text []byte) (root *html.Node, reason string) {
	if len(text) > maxPage { // once it is UTF-8
		return nil, "it is larger than 8 MiB"
	}
	source, whole := markOwners(text)
	if !whole {
		return nil, "it has too many parts"
	}
	root, err := html.ParseWithOptions(bytes.NewReader(source), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, "it is nested too deep"
	}
	return root, ""
}

// decoded returns the page as UTF-8 and settles its character set: that of its byte order mark, header or meta element,
// else UTF-8. A page that is no HTML is empty.
func (p *Page) decoded() []byte {
	p.charset, p.label = unicode.UTF8, "utf-8"
	kind := p.Header.Get("Content-Type")
	if !looksLikeHTML(kind, p.Body) {
		return nil
	}
	p.charset, p.label = encodingOf(p.Body, kind)
	text := p.Body
	if p.charset != unicode.UTF8 || !utf8.Valid(text) {
		if read, err := io.ReadAll(io.LimitReader(p.charset.NewDecoder().Reader(bytes.NewReader(p.Body)), maxPage+1)); err == nil {
			text = read
		}
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF"))
}

// UTF8 returns an HTML page's text, which may have come in any character set.
func (p *Page) UTF8() []byte { return p.decoded() }

func looksLikeHTML(contentType string, body []byte) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	switch kind {
	case "text/html", "application/xhtml+xml":
		return true
	case "", "text/plain", "application/octet-stream", "text/xml", "application/xml":
		return strings.HasPrefix(http.DetectContentType(body), "text/html")
	}
	return false
}
