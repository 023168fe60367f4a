package main

import (
	"strconv"
	"strings"

	"rtmpwriter/publish"
)

// maskArgument is args[i] as others may see it: URLs of any kind with host and
// nothing more, the values of secret options not at all.
func maskArgument(args []string, i int) string {
	arg, before := args[i], ""
	if earlier := args[:i]; len(earlier) > 0 {
		before = earlier[len(earlier)-1]
	}
	name, value, joined := strings.Cut(arg, "=")
	switch {
	case joined && isSecretFlag(name):
		return name + "=" + maskSecret(value)
	case joined && strings.HasPrefix(name, "-") && strings.Contains(value, "://"):
		return name + "=" + maskSecret(value)
	case isSecretFlag(before):
		return maskSecret(arg)
	case strings.Contains(arg, "://"), strings.HasPrefix(strings.ToLower(strings.TrimSpace(arg)), "rtmp"):
		return maskSecret(arg)
	}
	return arg
}

func isSecretFlag(name string) bool {
	option, ok := strings.CutPrefix(name, "--")
	if !ok {
		return false
	}
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		if f.Name == option {
			return f.Secret
		}
	}
	return false
}

// maskSecret keeps scheme and host of a URL, and nothing of anything else. With
// credentials the host goes too: a slash in a password would be taken for its
// end.
func maskSecret(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	switch {
	case !ok || strings.ContainsFunc(scheme, func(r rune) bool { return r < 'a' || r > 'z' }):
		return "****"
	case strings.Contains(rest, "@"):
		return scheme + "://****"
	}
	host := rest
	if at := strings.IndexAny(rest, "/?#+"); at >= 0 {
		host = rest[:at]
	}
	return scheme + "://" + host + "/****"
}

// maskURLs is an error's text as others may see it: a URL among the arguments
// that stood where none belongs, and is told for that, is masked there too.
func maskURLs(text string, args []string) string {
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") {
			_, arg, _ = strings.Cut(arg, "=")
		}
		if strings.Contains(arg, "://") {
			quoted := strconv.Quote(arg)
			text = strings.NewReplacer(arg, maskSecret(arg), quoted[1:len(quoted)-1], maskSecret(arg)).Replace(text)
		}
	}
	return text
}
