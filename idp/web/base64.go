package web

import (
	"encoding/base64"
	"strings"
)

// DecodeBase64 reads bytes as pages write them: in either alphabet of base64, padded or not.
func DecodeBase64(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(text))
}

// EncodeBase64 writes bytes as Web Authentication does: in the URL alphabet, without padding.
func EncodeBase64(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
