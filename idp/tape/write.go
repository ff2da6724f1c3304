package tape

import (
	"fmt"
	"strings"
)

// Write returns a tape as text, always in the same layout: what Parse read from that layout is written back unchanged.
func Write(t *Tape) string {
	var b strings.Builder
	for _, line := range t.Head {
		if line.Key == "#" {
			fmt.Fprintf(&b, "#%s\n", line.Value)
			continue
		}
		fmt.Fprintf(&b, "%s: %s\n", line.Key, line.Value)
	}
	for _, e := range t.Exchanges {
		b.WriteByte('\n')
		writeNotes(&b, e.Notes)
		writeRequest(&b, e.Request)
		writeResponse(&b, e.Response)
	}
	if len(t.Tail) > 0 {
		b.WriteByte('\n')
		writeNotes(&b, t.Tail)
	}
	return b.String()
}

func writeNotes(b *strings.Builder, notes []string) {
	for _, note := range notes {
		fmt.Fprintf(b, "#%s\n", note)
	}
}

func writeRequest(b *strings.Builder, r Request) {
	fmt.Fprintf(b, "> %s %s\n", r.Method, r.URL)
	if len(r.Cookies) > 0 {
		fmt.Fprintf(b, "> Cookie: %s\n", joinCookies(r.Cookies))
	}
	for _, h := range r.Header {
		fmt.Fprintf(b, "> Header %s: %s\n", h.Name, h.Value)
	}
	for _, f := range r.Form {
		fmt.Fprintf(b, "> %s=%s\n", escape(f.Name), escape(f.Value))
	}
	if r.Body != "" {
		for line := range strings.SplitSeq(r.Body, "\n") {
			fmt.Fprintf(b, "> Body: %s\n", line)
		}
	}
}

func joinCookies(cookies []Pair) string {
	var parts []string
	for _, c := range sorted(cookies) {
		parts = append(parts, c.Name+"="+escape(c.Value))
	}
	return strings.Join(parts, "; ")
}

func writeResponse(b *strings.Builder, r Response) {
	if r.Missing != "" {
		fmt.Fprintf(b, "< no answer: %s\n", r.Missing)
		return
	}
	fmt.Fprintf(b, "< %d\n", r.Status)
	for _, h := range r.Header {
		fmt.Fprintf(b, "< %s: %s\n", h.Name, h.Value)
	}
	if r.Body == "" {
		return
	}
	b.WriteByte('\n')
	for line := range strings.SplitSeq(r.Body, "\n") {
		if line != "" {
			line = "    " + line
		}
		b.WriteString(line + "\n")
	}
}
