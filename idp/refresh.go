package idp

import (
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp/web"
)

// refresh returns the address of a Refresh header or meta element that points elsewhere.
func refresh(page *web.Page) string {
	if address := onwards(page, refreshAddress(page.Header.Get("Refresh"))); address != "" {
		return address
	}
	return metaRefresh(page, false)
}

// scriptlessRefresh returns the address of a meta element for people without scripts. A page with a form means it for
// those who cannot use that.
func scriptlessRefresh(page *web.Page) string {
	if len(page.Forms()) > 0 {
		return ""
	}
	return metaRefresh(page, true)
}

func metaRefresh(page *web.Page, scriptless bool) (address string) {
	page.Find("meta[http-equiv]").EachWithBreak(func(_ int, m *goquery.Selection) bool {
		if strings.EqualFold(m.AttrOr("http-equiv", ""), "refresh") && m.Is("noscript *") == scriptless {
			address = onwards(page, refreshAddress(m.AttrOr("content", "")))
		}
		return address == ""
	})
	return address
}

// refreshAddress reads `5; url='/next'`: the HTML standard's "shared declarative refresh steps".
func refreshAddress(value string) string {
	const space = " \t\n\f\r"
	value = strings.TrimLeft(value, space)
	rest := strings.TrimLeft(value, "0123456789.")
	if rest == value || rest == "" || !strings.ContainsAny(rest[:1], ";,"+space) {
		return ""
	}
	rest = strings.TrimLeft(rest, space)
	if rest != "" && (rest[0] == ';' || rest[0] == ',') {
		rest = strings.TrimLeft(rest[1:], space)
	}
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, ok := strings.CutPrefix(strings.TrimLeft(rest[3:], space), "="); ok {
			rest = strings.TrimLeft(after, space)
		}
	}
	if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		rest, _, _ = strings.Cut(rest[1:], rest[:1])
	}
	return strings.TrimRight(rest, space)
}
