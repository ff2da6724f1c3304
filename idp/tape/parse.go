package tape

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Parse reads a tape. An error names the line.
func Parse(text string) (*Tape, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p := &parser{lines: strings.Split(strings.TrimRight(text, "\n"), "\n")}
	t := &Tape{}
	if err := p.tape(t); err != nil {
		return nil, fmt.Errorf("line %d: %w", p.at+1, err)
	}
	for _, key := range []string{"source", "want"} {
		if t.Get(key) == "" {
			return nil, fmt.Errorf("the head has no %q line", key+":")
		}
	}
	return t, nil
}

type parser struct {
	lines []string
	at    int
}

// line returns the current line; false behind the last.
func (p *parser) line() (string, bool) {
	if p.at >= len(p.lines) {
		return "", false
	}
	return p.lines[p.at], true
}

func (p *parser) tape(t *Tape) error {
	var notes []string
	for line, ok := p.line(); ok; line, ok = p.line() {
		switch comment, isComment := strings.CutPrefix(line, "#"); {
		case strings.TrimSpace(line) == "":
			p.at++
		case isComment:
			notes = append(notes, comment)
			p.at++
		case strings.HasPrefix(line, ">"):
			exchange := Exchange{Notes: notes}
			if err := p.exchange(&exchange); err != nil {
				return err
			}
			t.Exchanges, notes = append(t.Exchanges, exchange), nil
		default:
			if err := p.head(t, notes); err != nil {
				return err
			}
			notes = nil
		}
	}
	t.Tail = notes
	return nil
}

func (p *parser) head(t *Tape, notes []string) error {
	key, value, ok := strings.Cut(p.lines[p.at], ":")
	switch {
	case len(t.Exchanges) > 0:
		return fmt.Errorf(`expected "> METHOD ADDRESS", a comment, or a body line indented by four spaces`)
	case !ok || !slices.Contains(headKeys(), key):
		return fmt.Errorf("%q is no head line; known are %s", key, strings.Join(headKeys(), ", "))
	}
	for _, note := range notes {
		t.Head = append(t.Head, Line{"#", note})
	}
	t.Head = append(t.Head, Line{key, strings.TrimSpace(value)})
	p.at++
	return nil
}

func (p *parser) exchange(e *Exchange) error {
	if err := p.request(&e.Request); err != nil {
		return err
	}
	return p.response(&e.Response)
}

// block calls read for each line that begins with the mark.
func (p *parser) block(mark string, read func(rest string) error) error {
	for line, ok := p.line(); ok && strings.HasPrefix(line, mark); line, ok = p.line() {
		rest := strings.TrimPrefix(line[len(mark):], " ")
		if err := read(rest); err != nil {
			return err
		}
		p.at++
	}
	return nil
}

func (p *parser) request(r *Request) error {
	var body []string
	err := p.block(">", func(rest string) error {
		if r.Method == "" {
			return r.readFirst(rest)
		}
		if line, ok := strings.CutPrefix(rest, "Body:"); ok {
			body = append(body, strings.TrimPrefix(line, " "))
			return nil
		}
		return r.readLine(rest)
	})
	r.Body = strings.Join(body, "\n")
	if err == nil && r.Body != "" && len(r.Form) > 0 {
		return fmt.Errorf("a request has either form fields or a body")
	}
	return err
}

func (r *Request) readFirst(line string) error {
	method, address, _ := strings.Cut(line, " ")
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || method != strings.ToUpper(method) {
		return fmt.Errorf(`expected "> METHOD https://…"`)
	}
	r.Method, r.URL = method, address
	return nil
}

func (r *Request) readLine(line string) error {
	if cookies, ok := strings.CutPrefix(line, "Cookie:"); ok {
		r.Cookies = append(r.Cookies, splitCookies(cookies, unescape)...)
		return nil
	}
	if header, ok := strings.CutPrefix(line, "Header "); ok {
		name, value, found := strings.Cut(header, ":")
		if !found {
			return fmt.Errorf(`expected "> Header NAME: value"`)
		}
		r.Header = append(r.Header, Pair{name, strings.TrimSpace(value)})
		return nil
	}
	name, value, ok := strings.Cut(line, "=")
	if !ok {
		return fmt.Errorf(`expected "> name=value", "> Cookie: …", "> Header NAME: value" or "> Body: …"`)
	}
	r.Form = append(r.Form, Pair{unescape(name), unescape(value)})
	return nil
}

func splitCookies(header string, decode func(string) string) []Pair {
	var cookies []Pair
	for part := range strings.SplitSeq(header, ";") {
		if part = strings.TrimSpace(part); part != "" {
			name, value, _ := strings.Cut(part, "=")
			cookies = append(cookies, Pair{name, decode(value)})
		}
	}
	return sorted(cookies)
}

func (p *parser) response(r *Response) error {
	err := p.block("<", func(rest string) error {
		if r.Status == 0 && r.Missing == "" {
			return r.readStatus(rest)
		}
		name, value, ok := strings.Cut(rest, ":")
		if !ok {
			return fmt.Errorf(`expected "< Name: value"`)
		}
		r.Header = append(r.Header, Pair{name, strings.TrimSpace(value)})
		return nil
	})
	if err == nil && r.Status == 0 && r.Missing == "" {
		return fmt.Errorf(`expected "< STATUS" behind the request`)
	}
	if err == nil {
		r.Body = p.body()
	}
	return err
}

func (r *Response) readStatus(text string) error {
	if reason, ok := strings.CutPrefix(text, "no answer: "); ok {
		r.Missing = reason
		return nil
	}
	status, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || status < 100 || status > 599 {
		return fmt.Errorf("expected a status between 100 and 599, not %q", text)
	}
	r.Status = status
	return nil
}

// body reads what stands indented, or empty, behind the first empty line.
func (p *parser) body() string {
	var lines []string
	for line, ok := p.line(); ok; line, ok = p.line() {
		text, indented := strings.CutPrefix(line, "    ")
		if !indented && strings.TrimSpace(line) != "" {
			break
		}
		if !indented {
			text = ""
		}
		lines = append(lines, text)
		p.at++
	}
	return strings.TrimRight(strings.TrimPrefix(strings.Join(lines, "\n"), "\n"), "\n")
}

// unescape reads the two ways in which a value spells what would end its line, and the backslash itself.
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r").Replace(s)
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`).Replace(s)
}
