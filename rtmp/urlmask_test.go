package rtmp

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// wrapped holds a URL where fmt finds no methods: in an unexported field.
type wrapped struct {
	u URL
	p *URL
}

func TestURLIsMaskedEverywhere(t *testing.T) {
	u, err := ParseURL("rtmp://user:opensesame@h:19350/live?token=opensesame&opensesame+opensesame?t=opensesame", "+")
	require.NoError(t, err)
	require.Equal(t, "rtmp://user:****@h:19350/live?token=****&****/****", u.String())

	marshalled, err := json.Marshal(map[string]any{"pointer": u, "value": *u})
	require.NoError(t, err)
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "url", u, "value", *u)
	for _, s := range []string{
		string(marshalled), log.String(),
		fmt.Sprintf("%v %+v %#v %s %q %d %x", u, u, u, u, u, u, u),
		fmt.Sprintf("%v %+v %#v %s %q %d %x", *u, *u, *u, *u, *u, *u, *u),
	} {
		require.NotContains(t, s, "opensesame")
	}
	u.App = "live" // fields that fmt walks into itself: only the two secrets can hide
	w := wrapped{*u, u}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", w, w, w), "opensesame")
}

// What is written wrongly, and is a URL all the same, shows no secret either: a
// slash in a password that ends the host, credentials behind the host, a colon or a
// question mark that was percent-encoded, a token in base64 without a name, a key
// behind another delimiter than the one that is set.
func TestURLsWrittenWronglyAreMasked(t *testing.T) {
	for in, want := range map[string]string{
		"rtmp://u:19/sesame@h/app/k":      "rtmp://****",
		"rtmp://u:19/sesame+x@h/app/k":    "rtmp://****",
		"rtmp://domain/u:sesame@h/app/k":  "rtmp://****",
		"rtmp://h/u:sesame@app+k":         "rtmp://****",
		"rtmp://u%3Asesame@h/app/k":       "rtmp://u:****@h/app/****",
		"rtmp://h/app%3Ftoken=sesame/k":   "rtmp://h/app%3F****/****",
		"rtmp://h/app%3ftoken%3Dsesame/k": "rtmp://h/app%3f****/****",
		"rtmp://h/app&token=sesame/k":     "rtmp://h/app&****/****",
		"rtmp://h/app;sesame+k":           "rtmp://h/app;****/****",
		"rtmp://h/app?sesame=+k":          "rtmp://h/app?****/****",
		"rtmp://h/app?a=1&sesame==+k":     "rtmp://h/app?a=****&****/****",
		"rtmp://h/app/k@7":                "rtmp://h/app/****",
		"rtmp://u%40example.com@h/app/k":  "rtmp://u@example.com@h/app/****",
	} {
		u, err := ParseURL(in, "+")
		require.NoError(t, err, in)
		require.Equal(t, want, u.String())
	}
	for in, want := range map[string]string{
		"rtmp://h/app/sesame":  "app/****",
		"rtmp://h/app+sesame":  "app+****",
		"rtmp://h/app#sesame":  "app#****",
		"rtmp://h/app/a#b?x=1": "app/****?x=****",
		"rtmp://h/app+":        "app+",
	} {
		u, err := ParseAppURL(in)
		require.NoError(t, err, in)
		require.Equal(t, want, u.ShownApp())
	}
}
