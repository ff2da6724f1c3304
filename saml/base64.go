package saml

import (
	"bytes"
	"encoding/base64"
	"fmt"
)

const (
	maxDecoded = 8 << 20
	space      = " \t\r\n\v\f"
)

// decode returns text as standard base64 without white space, and the bytes that it stands for.
func decode(text string) (encoded string, data []byte, err error) {
	if len(text) > 2*base64.StdEncoding.EncodedLen(maxDecoded) { // twice: white space costs nothing but this
		return "", nil, tooLarge()
	}
	// Nearly always the text is in standard form already. Decoding it is the quickest way to find out:
	// only line breaks, which the decoder passes over, could make it longer than its bytes need.
	encoded = text
	data, err = base64.StdEncoding.DecodeString(text)
	if err != nil || base64.StdEncoding.EncodedLen(len(data)) != len(text) {
		encoded = standard(text)
		data, err = base64.StdEncoding.DecodeString(encoded)
	}
	switch {
	case encoded == "":
		return "", nil, &FormatError{KindEmpty, "there is no SAML response: the text is empty"}
	case err != nil:
		return "", nil, &FormatError{KindNotBase64, "the text is not base64"}
	}
	return encoded, data, nil
}

func tooLarge() error {
	return &FormatError{KindTooLarge, fmt.Sprintf("the SAML response is larger than %d MiB or has too many elements", maxDecoded>>20)}
}

// standard drops white space and writes base64 in the standard alphabet with the right padding.
func standard(text string) string {
	digits := make([]byte, 0, len(text)+2)
	for i := range len(text) {
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n', '\v', '\f':
		case '-':
			digits = append(digits, '+')
		case '_':
			digits = append(digits, '/')
		default:
			digits = append(digits, c)
		}
	}
	digits = bytes.TrimRight(digits, "=")
	for len(digits)%4 != 0 {
		digits = append(digits, '=')
	}
	return string(digits)
}
