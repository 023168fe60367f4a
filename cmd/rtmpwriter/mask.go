package main

import (
	"strings"

	"rtmpwriter/publish"
)

// maskArgument is args[i] as others may see it: URLs with their keys masked,
// the values of secret options not at all.
func maskArgument(args []string, i int) string {
	arg := args[i]
	name, value, joined := strings.Cut(arg, "=")
	switch {
	case joined && isSecretFlag(name):
		return name + "=" + maskSecret(value)
	case i > 0 && isSecretFlag(args[i-1]):
		return maskSecret(arg)
	case strings.HasPrefix(strings.ToLower(arg), "rtmp"):
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

// maskSecret keeps scheme and host of a URL, and nothing of anything else.
func maskSecret(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || !strings.HasPrefix(strings.ToLower(scheme), "rtmp") {
		return "****"
	}
	host, _, _ := strings.Cut(rest, "/")
	if at := strings.LastIndex(host, "@"); at >= 0 {
		host = host[at+1:]
	}
	return scheme + "://" + host + "/****"
}
