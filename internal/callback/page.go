package callback

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
)

// What the person at the browser reads.
const (
	succeeded = "You are signed in. This window can be closed: samlcli goes on in the terminal."
	failed    = "That did not work. samlcli says in the terminal why."
	tooLate   = "This sign-in was answered before."
	elsewhere = "There is nothing here."
)

// script takes what came out of the address, so that it is not looked at later, and closes the window where browsers let it.
const script = `history.replaceState(null,"","` + path + `");window.close()`

// show answers with a page of one sentence, which nobody keeps and which leads nowhere.
func show(w http.ResponseWriter, status int, sentence string) {
	sum := sha256.Sum256([]byte(script))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if status == http.StatusNoContent {
		return
	}
	_, _ = w.Write([]byte("<!DOCTYPE html>\n<html lang=\"en\"><title>samlcli</title><p>" + sentence + "</p><script>" + script + "</script></html>\n"))
}
