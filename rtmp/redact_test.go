package rtmp

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"rtmpwriter/amf0"
	"rtmpwriter/rtmp/internal/chunk"
	"rtmpwriter/rtmp/rtmptest"
)

func TestWordsOfTheServerAreMasked(t *testing.T) {
	for _, c := range []struct{ url, in, want string }{
		{"rtmp://h/live/" + sesame, "Stream opensesame is busy", "Stream **** is busy"},
		{"rtmp://h/live/" + sesame, "OpenSesame OPENSESAME2", "**** ****2"},
		{"rtmp://h/live/mp4:clip.mp4", "clip.mp4 and mp4:clip.mp4", "**** and ****"},
		{"rtmp://h/live/name?token=tok%2Fen1&backup=1", "name name?token=tok%2Fen1&backup=1 tok%2Fen1 tok/en1 code 1", "**** **** **** **** code 1"},
		{"rtmp://h/live/pässwörd", "p%C3%A4ssw%C3%B6rd pässwörd", "**** ****"},
		{"rtmp://h/live/a", "a stream of data: a, 'a'", "**** stream of data: ****, '****'"},
		{"rtmp://h/live/" + sesame, "6F70656E736573616D65 6f70656e736573616d65 b3BlbnNlc2FtZQ==", "**** **** ****=="},
		{"rtmp://u:open%22sesame@h/live/k", `"open\"sesame" open%22sesame`, `"****" ****`},
		{"rtmp://u:pw@h/live/k", "u:pw@h pwd k", "u:****@h pwd ****"},
		{"rtmp://h/live?secret-app-token+k", "live?secret-app-token", "live?****"},
		{"rtmp://h/live?b3BlbnNlc2FtZQ==&x=1+k", "live?b3BlbnNlc2FtZQ== b3BlbnNlc2FtZQ", "live?****== ****"},
		{"rtmp://h/live%3Ftoken=sesame/k", "live%3Ftoken=sesame", "live%3F****"},
		{"rtmp://u:19/sesame@h/live/k", "rtmp://u:19/sesame@h/live, sesame@h/live", "rtmp://u:19/****, ****"},
		{"rtmp://u%3Asesame@h/live/k", "u:sesame", "u:****"},
		{"rtmp://h/live/key", "line\r\nFake: log\x00\x1b[31m", "line  Fake: log  [31m"},
		{"rtmp://h/live/key", "[ authmod=adobe ] : ?reason=needauth&user=joe&salt=a&challenge=b&opaque=c&nonce=d",
			"[ authmod=adobe ] : ?reason=needauth&user=joe&salt=****&challenge=****&opaque=****&nonce=****"},
		{"rtmp://h/live/key", "bad utf-8 \xff\xfe", "bad utf-8"},
	} {
		u, err := ParseURL(c.url, "+")
		require.NoError(t, err)
		require.Equal(t, c.want, newRedactor(u).words(c.in), c.url)
	}
}

// What a server says of itself may have the key in it as a number.
func TestNumbersOfTheServerAreMasked(t *testing.T) {
	u, err := ParseURL("rtmp://h/live/12345678", "")
	require.NoError(t, err)
	said := command{args: []any{amf0.Object{{Name: "stream", Value: 12345678.0}, {Name: "capabilities", Value: 31.0}}}}
	require.Equal(t, amf0.Object{{Name: "stream", Value: mask}, {Name: "capabilities", Value: 31.0}}, said.properties(newRedactor(u)))
}

func TestLongWordsAreCut(t *testing.T) {
	u, err := ParseURL("rtmp://h/live/"+sesame, "+")
	require.NoError(t, err)
	got := newRedactor(u).words(strings.Repeat("ä", 1000))
	require.LessOrEqual(t, len(got), maxWords+len("…"))
	require.True(t, utf8.ValidString(got))

	// A secret that the cut goes through does not show its beginning.
	for pad := range 40 {
		got = newRedactor(u).words(strings.Repeat("x", pad) + strings.Repeat(sesame+" ", maxScan/8))
		require.NotContains(t, got, "open")
	}
}

// FuzzServerCommand feeds command bodies to all that looks at them: no panic,
// and no secret, control character or long text in what comes out.
func FuzzServerCommand(f *testing.F) {
	f.Add(rtmptest.OnStatus(1, "error", "NetStream.Publish.BadName", "Stream opensesame").Body)
	f.Add(rtmptest.NewCommand(0, "_result", 1, nil, 1).Body)
	f.Add([]byte{2, 0, 1, 'x', 0})
	u, err := ParseURL("rtmp://h/live/"+sesame, "+")
	require.NoError(f, err)
	r := newRedactor(u)
	f.Fuzz(func(t *testing.T, body []byte) {
		cmd, err := parseCommand(chunk.Message{Header: chunk.Header{Type: chunk.TypeCommandAMF3}, Body: body})
		if err != nil {
			_ = r.words(err.Error())
			return
		}
		s := cmd.status(r)
		for _, text := range []string{s.Code, s.Level, s.Description} {
			require.NotContains(t, text, sesame)
			require.LessOrEqual(t, len(text), maxWords+len("…"))
			require.NotContains(t, text, "\n")
		}
		_, _ = s.isRefusal(), endsPublishing(s)
	})
}
