package publish

import (
	"cmp"
	"errors"
	"strings"

	"rtmpwriter/rtmp"
)

// shownURL masks what is secret in a URL as the options split it, all of it
// when they cannot. An application's URL, which lacks nothing but the key, has
// nothing to hide but its query.
func (o *Options) shownURL(text string) string {
	with := *o
	with.URL = text
	u, err := with.ParseURL()
	var wrong *rtmp.URLError
	if errors.As(err, &wrong) && wrong.Part == "stream key" && o.StreamKey == "" && (o.URLDelimiter == "" || !strings.Contains(text, o.URLDelimiter)) {
		if path := strings.TrimRight(text, "/"); strings.Count(path, "/") == 3 { // scheme, host, application
			u, err = rtmp.ParseAppURL(path)
		}
	}
	if err != nil {
		return "****"
	}
	return u.String()
}

// shownURLs keeps scheme and host of each URL of a list. Of a list in which
// anything is no such URL it shows nothing: a password with a blank in it lies in
// two pieces there, which look like a host and a word.
func shownURLs(text string) string {
	shown := strings.Fields(text)
	for i, u := range shown {
		scheme, rest, _ := strings.Cut(u, ":")
		rest = strings.TrimPrefix(rest, "//") // they may be missing
		host := rest
		if at := strings.IndexAny(rest, "/?#+"); at >= 0 {
			host = rest[:at]
		}
		if strings.Contains(rest, "@") { // a password may hold a slash
			host = ""
		}
		if _, err := rtmp.ParseAppURL(scheme + "://" + cmp.Or(host, "127.0.0.1") + "/application"); err != nil {
			return "****"
		}
		shown[i] = scheme + "://" + strings.TrimPrefix(host+"/", "/") + "****"
	}
	return strings.Join(shown, " ")
}

// shownProxy masks the credentials of a proxy's URL, and whatever is no proxy
// that can be known: a text without a host may be the password.
func shownProxy(text string) string {
	if text == proxyDirect || text == proxyEnvironment {
		return text
	}
	shown := text
	scheme, rest, _ := strings.Cut(text, "://")
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		text, shown = scheme+"://"+rest[at+1:], scheme+"://****@"+rest[at+1:]
	}
	if _, err := rtmp.ParseProxy(text); err != nil {
		return "****"
	}
	return shown
}
