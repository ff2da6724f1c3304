package web

// DesktopUserAgent is what a well-known desktop browser calls itself, for providers that turn all others away.
const DesktopUserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// AppearAs changes what the browser calls itself from now on, unless Options said it.
func (b *Browser) AppearAs(userAgent string) {
	if b.userAgent == UserAgent {
		b.userAgent = userAgent
	}
}
