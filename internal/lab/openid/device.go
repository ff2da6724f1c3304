package openid

import (
	"crypto/rand"
	"net/http"
	"time"
)

// A device waits for its person.
type device struct {
	asked    int       // how often it asked
	last     time.Time // when it asked last
	interval time.Duration
	began    time.Time
}

// How patient the provider is with devices.
const (
	deviceInterval = 5 * time.Second
	deviceLasts    = 10 * time.Minute
	deviceLooks    = 3 // the person answers before this look
)

func (p *Provider) startDevice(w http.ResponseWriter, r *http.Request) {
	if p.options.NoDevice || r.PostForm.Get("client_id") != p.options.ClientID {
		refuse(w, http.StatusUnauthorized, "invalid_client", "")
		return
	}
	code, now := rand.Text(), p.options.Now()
	p.devices[code] = &device{last: now, interval: deviceInterval, began: now}
	writeJSON(w, http.StatusOK, map[string]any{
		"device_code": code, "user_code": "WDJB-MJHT", "verification_uri": p.URL + "/activate",
		"verification_uri_complete": p.URL + "/activate?user_code=WDJB-MJHT", "expires_in": int(deviceLasts / time.Second), "interval": int(deviceInterval / time.Second),
	})
}

// pollDevice gives tokens out once the person has answered; a device that asks too fast is told so (RFC 8628, section 3.5).
func (p *Provider) pollDevice(w http.ResponseWriter, code string) {
	d, now := p.devices[code], p.options.Now()
	switch {
	case d == nil:
		refuse(w, http.StatusBadRequest, "invalid_grant", "Device code not valid")
		return
	case now.Sub(d.began) > deviceLasts:
		refuse(w, http.StatusBadRequest, "expired_token", "Device code is expired")
		return
	case now.Sub(d.last) < d.interval:
		d.interval += 5 * time.Second
		refuse(w, http.StatusBadRequest, "slow_down", "")
		return
	}
	d.last = now
	if d.asked++; d.asked < deviceLooks {
		refuse(w, http.StatusBadRequest, "authorization_pending", "")
		return
	}
	delete(p.devices, code)
	if p.options.Denies {
		refuse(w, http.StatusBadRequest, "access_denied", "The person said no.")
		return
	}
	p.give(w, "")
}
