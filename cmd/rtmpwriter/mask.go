package main

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

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
	case joined && strings.HasPrefix(name, "-") && isURL(value):
		return name + "=" + maskSecret(value)
	case isSecretFlag(before) && before != strings.TrimLeftFunc(before, isDash):
		return maskSecret(arg)
	case isURL(arg), strings.HasPrefix(strings.ToLower(strings.TrimSpace(arg)), "rtmp"):
		return maskSecret(arg)
	}
	return arg
}

// isSecretFlag tells a secret option also with other dashes before it than there
// must be: one too few or too many, the long ones of a word processor, or none.
func isSecretFlag(name string) bool {
	option := strings.TrimLeftFunc(name, isDash)
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		if f.Name == option {
			return f.Secret
		}
	}
	return false
}

func isDash(r rune) bool { return unicode.Is(unicode.Pd, r) || r == '\u2212' }

// isURL tells what has a URL's look. The slashes before the host may be missing.
func isURL(s string) bool {
	scheme, _, found := strings.Cut(strings.ToLower(strings.TrimSpace(s)), ":")
	return strings.Contains(s, "://") || found && slices.Contains([]string{"rtmp", "rtmps", "rtmpt", "rtmpts"}, scheme)
}

// maskSecret keeps scheme and host of a URL, and nothing of anything else. With
// credentials the host goes too: a slash in a password would be taken for its
// end. What is no port behind it may be a password that lacks the rest.
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
	u, err := url.Parse(scheme + "://" + host)
	if err != nil {
		return "****"
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); u.Port() != "" && err != nil {
		return "****"
	}
	return scheme + "://" + host + "/****"
}

// maskArguments is an error's text as others may see it. What args has of URLs, or
// of secrets with their option's name, and stood where none belongs, is told for
// that: it is masked there too.
func maskArguments(text string, args []string) string {
	var told [][2]string
	for _, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		if joined && isSecretFlag(name) {
			told = append(told, [2]string{arg, name + "=" + maskSecret(value)})
		}
		if !joined || !strings.HasPrefix(arg, "-") && isURL(arg) {
			value = arg
		}
		if isURL(value) {
			told = append(told, [2]string{value, maskSecret(value)})
		}
	}
	slices.SortFunc(told, func(a, b [2]string) int { return len(b[0]) - len(a[0]) }) // one may begin another
	var pairs []string
	for _, t := range told {
		quoted := strconv.Quote(t[0])
		pairs = append(pairs, t[0], t[1], quoted[1:len(quoted)-1], t[1])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
