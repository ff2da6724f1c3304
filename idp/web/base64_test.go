package web

import "testing"

func TestBase64(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"-_-_YQ", "-_-_YQ==", "+/+/YQ", "+/+/YQ=="} {
		got, err := DecodeBase64(text)
		if err != nil || string(got) != "\xfb\xff\xbf\x61" || EncodeBase64(got) != "-_-_YQ" {
			t.Errorf("DecodeBase64(%q) = %q, %v", text, got, err)
		}
	}
	if got, err := DecodeBase64("no base64"); err == nil {
		t.Errorf("DecodeBase64 takes anything: %q", got)
	}
}
