package idp

import (
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp/web"
)

// maxWait is how far off a refresh may be that a page waits by: a longer one ends somebody's session.
const maxWait = 30 * time.Second

// A turn is a Refresh header or meta element: where it leads, and when.
type turn struct {
	address string
	after   time.Duration // 0 where it is not to be waited for
}

// refresh returns where a page leads by itself: elsewhere, or to itself again, as one that waits for a phone does.
func refresh(page *web.Page) turn {
	if t := turnOf(page, page.Header.Get("Refresh")); t.address != "" {
		return t
	}
	return metaRefresh(page, false)
}

// scriptlessRefresh returns where a meta element leads people without scripts. A page with a form means it for those who
// cannot use that.
func scriptlessRefresh(page *web.Page) turn {
	if len(page.Forms()) > 0 {
		return turn{}
	}
	return metaRefresh(page, true)
}

func metaRefresh(page *web.Page, scriptless bool) (found turn) {
	page.Find("meta[http-equiv]").EachWithBreak(func(_ int, m *goquery.Selection) bool {
		if strings.EqualFold(m.AttrOr("http-equiv", ""), "refresh") && m.Is("noscript *") == scriptless {
			found = turnOf(page, m.AttrOr("content", ""))
		}
		return found.address == ""
	})
	return found
}

// turnOf reads a refresh. Elsewhere is gone to at once; the page itself is looked at again when its time has come.
func turnOf(page *web.Page, value string) turn {
	seconds, address := parseRefresh(value)
	after := time.Duration(seconds) * time.Second
	if address == "" && after > 0 && after <= maxWait {
		return turn{page.URL.String(), after}
	}
	u, err := page.Resolve(address)
	if err != nil || onwards(page, address) == "" {
		return turn{}
	}
	if u.String() == page.URL.String() {
		return turn{address, min(after, maxWait)}
	}
	return turn{address, 0}
}

// parseRefresh reads `5; url='/next'`: the HTML standard's "shared declarative refresh steps".
func parseRefresh(value string) (seconds int, address string) {
	const space = " \t\n\f\r"
	value = strings.TrimLeft(value, space)
	rest := strings.TrimLeft(value, "0123456789.")
	if rest == value || rest != "" && !strings.ContainsAny(rest[:1], ";,"+space) {
		return 0, ""
	}
	whole, _, _ := strings.Cut(value[:len(value)-len(rest)], ".")
	seconds, _ = strconv.Atoi(whole)
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
	return min(seconds, 1<<20), strings.TrimRight(rest, space)
}
