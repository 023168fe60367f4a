package settings

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

func TestYAML(t *testing.T) {
	given, _, err := parseYAML("c.yaml", []byte(byteOrderMark+`# a comment
url: rtmp://127.0.0.1/live+key # and another
stream-key: "0123"
password: 0123
live-mode: true
tcp-no-delay: off
tls-min-version: 1.3
chunk-size: 4096
client-agent: 'it''s'
connect-info: '{"a": 1}'
first-timecode: 01:00:00:00
url-delimiter: ""
backup-urls:
  - rtmp://127.0.0.2/live+key
  - rtmp://127.0.0.3/live+key
username: |
  long
`))
	require.NoError(t, err)
	require.Equal(t, []Given{
		{"url", "rtmp://127.0.0.1/live+key", "c.yaml:2"},
		{"stream-key", "0123", "c.yaml:3"},
		{"password", "0123", "c.yaml:4"},
		{"live-mode", "true", "c.yaml:5"},
		{"tcp-no-delay", "off", "c.yaml:6"},
		{"tls-min-version", "1.3", "c.yaml:7"},
		{"chunk-size", "4096", "c.yaml:8"},
		{"client-agent", "it's", "c.yaml:9"},
		{"connect-info", `{"a": 1}`, "c.yaml:10"},
		{"first-timecode", "01:00:00:00", "c.yaml:11"},
		{"url-delimiter", "", "c.yaml:12"},
		{"backup-urls", "rtmp://127.0.0.2/live+key rtmp://127.0.0.3/live+key", "c.yaml:13"},
		{"username", "long", "c.yaml:16"},
	}, given)

	for _, empty := range []string{"", "\n", "# nothing\n", "---\n", "{}"} {
		given, _, err = parseYAML("c.yaml", []byte(empty))
		require.NoError(t, err, "%q", empty)
		require.Empty(t, given)
	}
	given, _, err = parseYAML("c.yaml", []byte("backup-urls: rtmp://127.0.0.2/live+key\r\ntrace: 6\r\n"))
	require.NoError(t, err)
	require.Equal(t, "rtmp://127.0.0.2/live+key", given[0].Text)
	require.Equal(t, "c.yaml:2", given[1].Source)
}

// Every mistake is told with its line, and never with a secret.
func TestYAMLMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"\nchunk_size: 1":                          `c.yaml:2: unknown option "chunk_size": did you mean chunk-size?`,
		"trace: 1\ntrace: 2":                       `c.yaml:2: trace is given twice, in line 1 before`,
		"url: a\n\nstream-key:\n":                  `c.yaml:3: option stream-key has no value; leave the line out, or write "" for an empty one`,
		"chunk-size: [1]":                          `c.yaml:1: option chunk-size must be one value, not a list`,
		"chunk-size:\n  a: 1":                      `c.yaml:1: option chunk-size must be one value, not a map; put it in quotes if that is meant`,
		"stream-key: true":                         `c.yaml:1: option stream-key must be text, not true; put it in quotes if that is meant`,
		"password-file: true":                      `c.yaml:1: option password-file must be text, not true; put it in quotes if that is meant`,
		"backup-urls: [a, [s3cret]]":               `c.yaml:1: option backup-urls must be a list of URLs`,
		"backup-urls: [a s3cret]":                  `c.yaml:1: option backup-urls must be a list of URLs`,
		"stream-key: &a s3cret":                    `c.yaml:1: option stream-key must be a plain value`,
		"stream-key: !!str s3cret":                 `c.yaml:1: option stream-key must be a plain value`,
		"username: &a b\nstream-key: *a":           `c.yaml:1: option username must be a plain value`,
		"<<: {trace: 1}":                           `c.yaml:1: must begin with the name of an option`,
		"s3cret":                                   `c.yaml:1: must have lines of the form name: value`,
		"- s3cret":                                 `c.yaml:1: must have lines of the form name: value`,
		"trace: 1\n---\ntrace: 2":                  `c.yaml:3: a second document; a configuration file has one`,
		"\xff":                                     `c.yaml: is not UTF-8 text`,
		strings.Repeat("#", maxFile+1):             `c.yaml: is longer than 262144 bytes`,
		"{stream-key=s3cret}":                      `c.yaml:1: unknown option "stream-key…"`,
		"stream-key s3cret:":                       `c.yaml:1: unknown option "stream-key…"`,
		"Stream_Keys3cret: x":                      `c.yaml:1: unknown option "Stream_Key…": did you mean stream-key-file?`,
		"rtmp://h/live+s3cret:":                    `c.yaml:1: unknown option "rtmp…"`,
		strings.Repeat("x", longestName+1) + ": 1": `c.yaml:1: unknown option with a name of 41 bytes`,
	} {
		_, _, err := parseYAML("c.yaml", []byte(text))
		require.EqualError(t, err, want, "%.50q", text)
	}
	for _, text := range []string{"stream-key: \"s3cret", "stream-key: |s3cret\n", "stream-key: 's3cret' x", "a: b: s3cret", "stream-key: [s3cret", "stream-key: {s3cret: 1, s3cret: 2", "stream-key: \"s3cret\\q\""} {
		_, _, err := parseYAML("c.yaml", []byte("trace: 1\n"+text))
		require.ErrorContains(t, err, "c.yaml", "%q", text)
		require.NotContains(t, err.Error(), "s3cret", "%q", text)
	}
}

// FuzzYAML feeds files: no panic, and what is taken are options with one line
// each.
func FuzzYAML(f *testing.F) {
	for _, seed := range []string{"url: rtmp://127.0.0.1/live+key\nlive-mode: on\n", "backup-urls:\n  - a\n  - b\n", "{trace: 1}", "a: |\n b\n", "a: &b c\nd: *b", "? a\n: b", "- {[", "---\n...\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		given, _, err := parseYAML("c.yaml", text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			require.Empty(t, given)
			return
		}
		seen := map[string]bool{}
		o := publish.DefaultOptions()
		fields := map[string]publish.Field{}
		for _, field := range o.Fields() {
			fields[field.Name] = field
		}
		for _, g := range given {
			require.False(t, seen[g.Name], g.Name)
			seen[g.Name] = true
			require.Contains(t, g.Source, "c.yaml:")
			if field, ok := fields[g.Name]; ok {
				_ = field.Set(g.Text)
			}
		}
	})
}
