package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// totp returns the code of RFC 6238 for a seed: base32, or the otpauth:// address of a QR code, which also says the
// digits, the period and the hash.
func totp(seed secret.Secret, now time.Time) (secret.Secret, error) {
	key, digits, period, algorithm := seed.Reveal(), 6, 30, "SHA1"
	if u, err := url.Parse(strings.TrimSpace(key)); err == nil && u.Scheme == "otpauth" {
		q := u.Query()
		key = q.Get("secret")
		digits, period = number(q.Get("digits"), digits), number(q.Get("period"), period)
		if a := q.Get("algorithm"); a != "" {
			algorithm = strings.ToUpper(a)
		}
	}
	hashes := map[string]func() hash.Hash{"SHA1": sha1.New, "SHA256": sha256.New, "SHA512": sha512.New}
	key = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "=", "").Replace(key))
	raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key)
	if err != nil || len(raw) == 0 || hashes[algorithm] == nil || digits < 6 || digits > 10 || period < 1 {
		return secret.Secret{}, errors.New("it is no TOTP seed: base32 or an otpauth:// address is")
	}
	mac := hmac.New(hashes[algorithm], raw)
	_ = binary.Write(mac, binary.BigEndian, now.Unix()/int64(period)) // a hash takes everything
	sum := mac.Sum(nil)
	value := uint64(binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) & 0x7fffffff)
	text := fmt.Sprintf("%0*d", digits, value)
	return secret.New(text[len(text)-digits:]), nil
}

func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}
