package main

import (
	"encoding/base32"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// TestTOTP: the vectors of RFC 6238, appendix B, as otpauth addresses.
func TestTOTP(t *testing.T) {
	t.Parallel()
	const digits = "1234567890"
	seeds := map[string]string{"SHA1": digits + digits, "SHA256": strings.Repeat(digits, 3) + "12", "SHA512": strings.Repeat(digits, 6) + "1234"}
	for _, test := range []struct {
		at                   int64
		sha1, sha256, sha512 string
	}{
		{59, "94287082", "46119246", "90693936"},
		{1111111109, "07081804", "68084774", "25091201"},
		{1111111111, "14050471", "67062674", "99943326"},
		{1234567890, "89005924", "91819424", "93441116"},
		{2000000000, "69279037", "90698825", "38618901"},
		{20000000000, "65353130", "77737706", "47863826"},
	} {
		for algorithm, want := range map[string]string{"SHA1": test.sha1, "SHA256": test.sha256, "SHA512": test.sha512} {
			seed := fmt.Sprintf("otpauth://totp/lab:alice?secret=%s&digits=8&algorithm=%s", base32.StdEncoding.EncodeToString([]byte(seeds[algorithm])), algorithm)
			got, err := totp(secret.New(seed), time.Unix(test.at, 0))
			if err != nil || got.Reveal() != want {
				t.Errorf("%s at %d: %s, %v, want %s", algorithm, test.at, got.Reveal(), err, want)
			}
		}
	}
}

func TestTOTPSeeds(t *testing.T) {
	t.Parallel()
	for seed, want := range map[string]string{
		"JBSWY3DPEHPK3PXP":                                      "282760",
		" jbsw y3dp-ehpk 3pxp= ":                                "282760",
		"otpauth://totp/?secret=jbswy3dpehpk3pxp":               "282760",
		"otpauth://totp/?secret=JBSWY3DPEHPK3PXP&period=60":     "282760", // both periods begin with the epoch
		"otpauth://totp/?secret=JBSWY3DPEHPK3PXP&algorithm=md5": "",
		"otpauth://totp/?secret=JBSWY3DPEHPK3PXP&digits=3":      "",
		"otpauth://totp/?secret=JBSWY3DPEHPK3PXP&period=0":      "",
		"otpauth://totp/":                                       "",
		"":                                                      "",
		"8 9 0":                                                 "",
	} {
		got, err := totp(secret.New(seed), time.Unix(0, 0))
		if got.Reveal() != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v, want %q", seed, got.Reveal(), err, want)
		}
	}
}
