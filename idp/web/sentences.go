package web

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/samlcli/samlcli/internal/plain"
)

// Sentences returns what the page says to a person, one block of text after the other, each as one safe line: without
// what stands on buttons, in menus and in labels.
func (p *Page) Sentences() []string {
	p.parse()
	t := &teller{}
	for _, n := range p.doc.Nodes {
		t.walk(n)
	}
	t.flush()
	return t.said
}

// teller gathers blocks of text.
type teller struct {
	block strings.Builder
	said  []string
}

func (t *teller) walk(n *html.Node) {
	if n.Type == html.TextNode {
		t.block.WriteString(n.Data[:min(len(n.Data), max(0, maxWords-t.block.Len()))])
		return
	}
	if n.Type == html.ElementNode && (n.Data != "noscript" && unseen(n) || n.Data == "button" || n.Data == "label" || n.Data == "textarea") {
		return
	}
	block := n.Type == html.ElementNode && !inline(n.Data)
	if block {
		t.flush()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t.walk(c)
	}
	if block {
		t.flush()
	}
}

func (t *teller) flush() {
	if text := plain.Text(t.block.String()); text != "" {
		t.said = append(t.said, text)
	}
	t.block.Reset()
}
