package secret_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/samlcli/samlcli/internal/secret"
)

func TestMask(t *testing.T) {
	t.Parallel()
	var none, m secret.Mask
	for _, value := range []string{"hunter2", "hunter2hunter2", "pa ss&\"w\u200börd", "135", "", "?!"} {
		m.Hide(value)
	}
	for text, want := range map[string]string{
		"":                                           "",
		"wrong user name or password":                "wrong user name or password",
		"wrong password 'hunter2'":                   "wrong password '***'",
		"HUNTER2, and hunter2hunter2.":               "***, and ***.",
		"pa ss&\"w\u200börd":                         "***",
		"pa ss&\"wörd":                               "***",
		"pa ss&amp;&#34;w\u200börd":                  "***",
		"/pa%20ss&%22w%e2%80%8b%c3%b6rd/x":           "/***/x",
		"?p=pa+ss%26%22w%E2%80%8B%C3%B6rd":           "?p=***",
		`{"p": "pa ss\u0026\"w` + "\u200b" + `örd"}`: `{"p": "***"}`,
		"Basic " + base64.StdEncoding.EncodeToString([]byte("hunter2")): "Basic ***==",
		"68756e74657232":       "***",
		"code 135 at 13:51351": "code *** at 13:51351",
		"what ?! is that":      "what *** is that", "what?! is that": "what?! is that",
		"it said hunt…": "it said ***…",
		"it said hun…":  "it said hun…",
		"the hunt":      "the hunt",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
		if got := none.Text(text); got != text {
			t.Errorf("nothing known, and %q became %q", text, got)
		}
	}
}

func TestMaskOfErrors(t *testing.T) {
	t.Parallel()
	var m secret.Mask
	m.Hide("hunter2")
	err := m.Error(fmt.Errorf("sending hunter2: %w", io.EOF))
	if err.Error() != "sending ***: EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("%v", err)
	}
}
