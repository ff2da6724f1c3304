package lab

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"time"
)

const codePeriod = 30 // seconds a code lives, as every authenticator app assumes

// Code returns the six digits that an authenticator app with this base32 seed shows at that time (RFC 6238),
// or "" if the seed is not base32.
func Code(seed string, at time.Time) string {
	return codeAt(seed, at.Unix()/codePeriod)
}

func codeAt(seed string, step int64) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(seed)
	if err != nil {
		return ""
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 15
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[offset:])&0x7fffffff%1_000_000)
}

// codeStep returns the period around now to which the code belongs; one period early or late is forgiven.
func codeStep(seed, code string, now time.Time) (int64, bool) {
	current := now.Unix() / codePeriod
	for step := current - 1; step <= current+1; step++ {
		if want := codeAt(seed, step); want != "" && hmac.Equal([]byte(want), []byte(code)) {
			return step, true
		}
	}
	return 0, false
}
