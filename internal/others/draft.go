package others

import (
	"slices"
	"strings"
)

// value is a key as it stands in a file.
type value struct {
	Key
	text string
}

// draft is an entry while its section is read. It remembers which keys were understood.
type draft struct {
	Entry
	values     []value
	understood map[string]bool
}

func newDraft(name string, values []value) *draft {
	return &draft{Entry: Entry{Name: name}, values: values, understood: map[string]bool{}}
}

// look returns the value of a key, "" where there is none.
func (d *draft) look(key string) value {
	for _, v := range d.values {
		if v.Name == key {
			return v
		}
	}
	return value{Key: Key{Name: key}}
}

// take returns the value of a key, which is understood with that.
func (d *draft) take(key string) string {
	d.understood[key] = true
	return d.look(key).text
}

// account says something of the account that comes of a key.
func (d *draft) account(key, text, from string) {
	d.understood[from] = true
	if text != "" {
		d.Account = append(d.Account, Pair{Key: key, Value: text, Source: d.look(from).Key})
	}
}

// setting hands a key on as one of the adapter's settings.
func (d *draft) setting(key, from string) {
	if text := d.take(from); text != "" {
		d.Account = append(d.Account, Pair{Key: key, Value: text, Setting: true, Source: d.look(from).Key})
	}
}

// profile says something of the profile that comes of a key.
func (d *draft) profile(key, text, from string) {
	d.understood[from] = true
	if text != "" {
		d.Profile = append(d.Profile, Pair{Key: key, Value: text, Source: d.look(from).Key})
	}
}

// span carries a length of time over, which the file counts in seconds or in hours.
func (d *draft) span(from, unit string) {
	text := d.take(from)
	if length := span(text, unit); length != "" {
		d.profile("duration", length, from)
	} else if text != "" {
		d.leave(from, "is no length of time")
	}
}

// factor carries a preferred second factor over.
func (d *draft) factor(from string) {
	switch word := d.take(from); factor(word) {
	case "none":
	case "":
		d.leave(from, "is no factor of samlcli's: write mfa = [...] with totp, push, sms, call, email, webauthn, token")
	default:
		d.Account = append(d.Account, Pair{Key: "mfa", List: []string{factor(word)}, Source: d.look(from).Key})
	}
}

func (d *draft) leave(key, why string) {
	d.understood[key] = true
	d.Left = append(d.Left, Left{Key: d.look(key).Key, Why: why})
}

// reason says why a key is left, and which of its values need no word because they ask for what happens anyway.
type reason struct{ why, same string }

// rest leaves every key that was not understood.
func (d *draft) rest(reasons map[string]reason) {
	for _, v := range d.values {
		if d.understood[v.Name] || v.text == "" {
			continue
		}
		r, known := reasons[v.Name]
		switch {
		case secretName(v.Name):
			d.Left = append(d.Left, Left{Key: v.Key, Secret: true})
		case !known:
			d.leave(v.Name, "samlcli has nothing like it")
		case !slices.Contains(strings.Fields(r.same), strings.ToLower(v.text)):
			d.leave(v.Name, r.why)
		}
	}
}

// incomplete is the entry of a section that does not say how to sign in: every key of it is left.
func (d *draft) incomplete(why string) Entry {
	e := Entry{Name: d.Name}
	for _, v := range d.values {
		if v.text != "" {
			e.Left = append(e.Left, Left{Key: v.Key, Why: why, Secret: secretName(v.Name)})
		}
	}
	return e
}

// secretName reports whether a key of that name holds a secret.
func secretName(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc([]string{"password", "passwd", "passphrase", "passcode", "secret", "token", "seed", "private"}, func(word string) bool {
		return strings.Contains(key, word)
	})
}
