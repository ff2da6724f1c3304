package quick

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Delivery says where credentials went: what status shows, without a secret in it.
type Delivery struct {
	Profile, Account, Role string
	Expires                time.Time
	File                   string // whose section the profile is; "" where it is a profile of the configuration
	Key                    string // of the sign-in that they came from
}

// Shown is for how long after its end a delivery is shown.
const Shown = 7 * 24 * time.Hour

// lastSecond is the end of the year 9999: RFC 3339 has no word for a later time.
const lastSecond = 253402300799

// StateDir returns where what outlives a sign-in is kept; "" without a home.
func (c Call) StateDir() string { return c.dir("XDG_STATE_HOME", "/.local/state", `\samlcli`) }

// DeliveriesFile returns where the deliveries are noted; "" without a home.
func (c Call) DeliveriesFile() string { return below(c.StateDir(), "/deliveries") }

// Line is the delivery as its file has it: fields between tabs, which no name has that a person could have typed.
func (d Delivery) Line() string {
	fields := []string{d.Profile, d.Account, d.Role, strconv.FormatInt(d.Expires.Unix(), 10), d.File, d.Key}
	for i, field := range fields {
		fields[i] = strings.NewReplacer("\t", " ", "\n", " ").Replace(field)
	}
	return strings.Join(fields, "\t") + "\n"
}

// ReadDeliveries reads such a file, and passes over what is none. Of what went to one place the last counts.
func ReadDeliveries(data []byte) []Delivery {
	var all []Delivery
	at := map[string]int{} // by place
	for line := range strings.SplitSeq(string(data), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) != 6 {
			continue
		}
		if expires, err := strconv.ParseInt(fields[3], 10, 64); err == nil && expires >= 0 && expires <= lastSecond {
			d := Delivery{fields[0], fields[1], fields[2], time.Unix(expires, 0).UTC(), fields[4], fields[5]}
			if i, again := at[d.Profile+"\t"+d.File]; again {
				all[i] = d
				continue
			}
			at[d.Profile+"\t"+d.File] = len(all)
			all = append(all, d)
		}
	}
	return all
}

// Status returns what the call of status prints; not ok is that it has flags of which this package knows nothing.
func Status(c Call, now time.Time) (text string, ok bool) {
	flags := strings.Join(c.Args[1:], " ")
	if flags == "" && c.env("SAMLCLI_OUTPUT")+c.env("SAMLCLI_PROMPT") != "" {
		return "", false // variables are main's
	}
	switch flags {
	case "", "--output text", "--output=text":
		text = table(c.deliveries(now), now)
		return text, text != "" // main has the words for nothing
	case "--output json", "--output=json":
		return array(c.deliveries(now), now), true
	case "--prompt":
		return prompt(c.deliveries(now), c.env("AWS_PROFILE"), now), true
	}
	return "", false
}

// deliveries returns all that are noted, in the order of their profiles.
func (c Call) deliveries(now time.Time) []Delivery {
	all := slices.DeleteFunc(ReadDeliveries(read(c.DeliveriesFile())), func(d Delivery) bool { return now.Sub(d.Expires) > Shown })
	slices.SortStableFunc(all, func(a, b Delivery) int { return strings.Compare(a.Profile, b.Profile) })
	return all
}

func table(all []Delivery, now time.Time) string {
	width := 0
	for _, d := range all {
		width = max(width, len(d.Profile))
	}
	var b []byte
	for _, d := range all {
		b = append(b, d.Profile...)
		for range width + 2 - len(d.Profile) {
			b = append(b, ' ')
		}
		b = append(append(append(append(b, left(d.Expires.Sub(now))...), "  "...), d.Role...), '\n')
	}
	return string(b)
}

// left is a time as people read it, in a column.
func left(d time.Duration) string {
	text := "expired"
	if d > 0 {
		text = span(d)
	}
	return text + strings.Repeat(" ", max(0, 7-len(text)))
}

func span(d time.Duration) string {
	minutes := int64(d / time.Minute)
	if minutes < 60 {
		return strconv.FormatInt(minutes, 10) + "m"
	}
	text := strconv.FormatInt(minutes%60, 10)
	return strconv.FormatInt(minutes/60, 10) + "h" + strings.Repeat("0", 2-len(text)) + text + "m"
}

// prompt is short: what AWS_PROFILE names, or the only one there is.
func prompt(all []Delivery, profile string, now time.Time) string {
	i := slices.IndexFunc(all, func(d Delivery) bool { return d.Profile == profile })
	if profile == "" && len(all) == 1 {
		i = 0
	}
	if i < 0 {
		return ""
	}
	return all[i].Profile + " " + strings.TrimSpace(left(all[i].Expires.Sub(now))) + "\n"
}

func array(all []Delivery, now time.Time) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, d := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  {\"profile\": " + jsonString(d.Profile) + ", \"account\": " + jsonString(d.Account) + ", \"role\": " + jsonString(d.Role) +
			", \"expires\": " + jsonString(d.Expires.UTC().Format(time.RFC3339)) +
			", \"seconds_left\": " + strconv.FormatInt(max(0, int64(d.Expires.Sub(now)/time.Second)), 10) + "}")
	}
	if len(all) > 0 {
		b.WriteByte('\n')
	}
	return b.String() + "]\n"
}

// jsonString quotes as JSON does (RFC 8259, section 7), all but printable ASCII escaped.
func jsonString(s string) string {
	b := []byte{'"'}
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= ' ' && r < 0x7f:
			b = append(b, byte(r))
		case r < 0x10000:
			b = escape(b, uint16(r))
		default: // a surrogate pair
			b = escape(escape(b, uint16(0xd800+(r-0x10000)>>10)), uint16(0xdc00+(r-0x10000)&0x3ff))
		}
	}
	return string(append(b, '"'))
}

func escape(b []byte, unit uint16) []byte {
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', digits[unit>>12], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
