package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// key stands for the user's: what one has hidden, another can't read.
type key byte

func (k key) hide(b []byte) ([]byte, error) {
	hidden := append([]byte{byte(k)}, b...)
	for i := range hidden[1:] {
		hidden[i+1] ^= 0xa5
	}
	return hidden, nil
}

func (k key) show(b []byte) ([]byte, error) {
	if len(b) == 0 || b[0] != byte(k) {
		return nil, errors.New("key not valid")
	}
	shown := bytes.Clone(b[1:])
	for i := range shown {
		shown[i] ^= 0xa5
	}
	return shown, nil
}

// other is a value of each option that is not its default.
var other = map[string]string{
	"url": "rtmp://me:pa55word@127.0.0.1/live+s3cret", "url-delimiter": "#", "stream-key": "s3cret", "backup-urls": "rtmp://127.0.0.1/a+s3cret rtmp://127.0.0.2/a+s3cret",
	"backup-return": "on", "auth": "limelight", "username": "Jürgen 😀", "password": "pa55word=%\n", "output-buffer-size": "0", "output-packet-size": "0",
	"socket-buffer-size": "1", "chunk-size": "4096", "tcp-no-delay": "on", "live-mode": "on", "buffer-overflow-mode": "drop", "allow-b-frames": "off",
	"write-timecode": "on", "first-timecode": "01:00:00:00", "embed-system-time": "on", "timecode-interval": "2000", "reconnect-attempts": "3",
	"reconnect-interval": "100", "reconnect-max-interval": "1000", "reconnect-unlimited": "on", "reconnect-on-start": "on", "reconnect-restart-time": "on",
	"publish-mode": "append", "connect-timeout": "1", "send-timeout": "3600000", "receive-timeout": "7", "peer-timeout": "2000",
	"client-agent": " a=b;\r\n100 %\x00\x7f\xff", "connect-info": `{"a":"s3cret"}`, "handshake": "digest", "fallback-ports": "on", "fallback-tunnel": "on",
	"proxy": "socks5://a:pa55word@127.0.0.1:1080", "bind": "127.0.0.1", "tls-ca-file": `C:\Program Files\a.pem`, "tls-cert-file": "b.pem", "tls-key-file": "c.pem",
	"tls-server-name": "example.com", "tls-min-version": "1.3", "tls-verify": "off", "log-file": "x.log", "trace": "9",
	"latency-cap": "500", "outage-buffer": "30000", "outage-mode": "live", "outage-memory": "2000000", "outage-spool": `C:\Spool = %`, "outage-spool-size": "16",
	"catch-up-rate": "150", "handover": "off", "bitrate-advice": "on", "bitrate-floor": "1", "bitrate-ceiling": "2147483647",
}

// changed has every option at a value that is not its default.
func changed(t *testing.T) publish.Options {
	t.Helper()
	o := publish.DefaultOptions()
	for _, f := range o.Fields() {
		require.Contains(t, other, f.Name, "give this test a value for the new option")
		require.NoError(t, f.Set(other[f.Name]))
	}
	return o
}

func TestSaveAndLoadEveryOption(t *testing.T) {
	o, usual := changed(t), publish.DefaultOptions()
	data, err := Save(o, usual, key(1).hide)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(data), "RTMPWriter 1\nurl=protected:"))
	require.Contains(t, string(data), "\nchunk-size=4096\n")
	require.Contains(t, string(data), "\ntls-ca-file=C:\\Program Files\\a.pem\n")
	require.Contains(t, string(data), "\nclient-agent= a=b;%0D%0A100 %25%00%7F%FF\n")
	hidden(t, string(data))

	loaded := publish.DefaultOptions()
	problems, err := Load(data, &loaded, key(1).show)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Equal(t, o, loaded)
}

// hidden fails where a secret shows, plain or in base64 whatever stands before.
func hidden(t *testing.T, text string) {
	t.Helper()
	for _, secret := range []string{"s3cret", "pa55word"} {
		require.NotContains(t, text, secret)
		for shift := range 3 {
			encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + secret))
			require.NotContains(t, text, encoded[shift+1:len(encoded)-4])
		}
	}
}

// What the defaults of machine and user give is not copied into the file.
func TestSaveLeavesOutTheDefaults(t *testing.T) {
	usual := publish.DefaultOptions()
	usual.StreamKey, usual.ChunkSize = "s3cret", 4096
	data, err := Save(usual, usual, nil)
	require.NoError(t, err)
	require.Equal(t, "RTMPWriter 1\n", string(data))

	o := usual
	o.StreamKey, o.ChunkSize = "", 65536
	data, err = Save(o, usual, nil)
	require.NoError(t, err)
	require.Equal(t, "RTMPWriter 1\nstream-key=\nchunk-size=65536\n", string(data))
	problems, err := Load(data, &usual, nil)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.Equal(t, o, usual)
}

func TestSaveFailsWhereNothingCanBeProtected(t *testing.T) {
	_, err := Save(changed(t), publish.DefaultOptions(), func([]byte) ([]byte, error) { return nil, errors.New("no key") })
	require.EqualError(t, err, "saved settings: option url can't be protected, so that it is not saved: no key")
	_, err = Save(changed(t), publish.DefaultOptions(), func([]byte) ([]byte, error) { return make([]byte, MaxSize), nil })
	require.ErrorContains(t, err, "at most 1048576")
}

// Another user, or another machine, gets all but the secrets.
func TestLoadOfSomebodyElse(t *testing.T) {
	data, err := Save(changed(t), publish.DefaultOptions(), key(1).hide)
	require.NoError(t, err)
	o := publish.DefaultOptions()
	problems, err := Load(data, &o, key(2).show)
	require.NoError(t, err)
	want := changed(t)
	want.URL, want.StreamKey, want.BackupURLs, want.Password, want.ConnectInfo, want.Proxy = "", "", nil, "", "", "direct"
	require.Equal(t, want, o)
	require.Len(t, problems, 6)
	require.EqualError(t, problems[0], "saved settings: option url can't be read (key not valid): it was saved by another user or on another machine; set it again, and save")
}

func TestLoadRefuses(t *testing.T) {
	for data, want := range map[string]string{
		"":                          "saved settings: are not this filter's",
		"RTMPWriter 2\ntrace=1\n":   "saved settings: were written by another version, which this one can't read",
		"RTMPWriter 1\ntrace=\xff1": "saved settings: are not UTF-8 text",
		"RTMPWriter 1\n" + strings.Repeat("a", MaxSize): "saved settings: have 1048589 bytes: at most 1048576",
	} {
		o := publish.DefaultOptions()
		_, err := Load([]byte(data), &o, key(1).show)
		require.EqualError(t, err, want)
		require.Equal(t, publish.DefaultOptions(), o)
	}
}

// Mistakes are left out, and told without what may be a secret.
func TestLoadTellsMistakes(t *testing.T) {
	o := publish.DefaultOptions()
	problems, err := Load([]byte(strings.Join([]string{
		"RTMPWriter 1", "trace=10", "later-option=s3cret", "chunk-size", "s3cret", "chunk-size=4096", "chunk-size=8192", "username=%", "username=%0x", "bind=%2", "connect-info=s3cret",
		"stream-key=protected:?", "url=protected:AQ==", "tls-verify=0", "publish-mode=1", strings.Repeat("x", 41) + "=",
		"url rtmp://h/app/s3cret?a=b", "stream-key: s3cret=",
	}, "\n")), &o, key(1).show)
	require.NoError(t, err)
	var told []string
	for _, p := range problems {
		told = append(told, p.Error())
	}
	require.Equal(t, []string{
		"saved settings: line 4 is no line name=value and is left out",
		"saved settings: line 5 is no line name=value and is left out",
		"saved settings: line 8 is no line name=value and is left out",
		"saved settings: line 9 is no line name=value and is left out",
		"saved settings: line 10 is no line name=value and is left out",
		`saved settings: option trace = "10": must be a number from 0 to 9`,
		`saved settings: option "later-option" is unknown and left out; a later version may know it`,
		"saved settings: option chunk-size stands there twice; the first counts",
		`saved settings: option connect-info = "****": JSON at line 1 column 1: 's' where a value is expected`,
		"saved settings: option stream-key can't be read (illegal base64 data at input byte 0): it was saved by another user or on another machine; set it again, and save",
		`saved settings: option "` + strings.Repeat("x", 40) + `…" is unknown and left out; a later version may know it`,
		`saved settings: option "url…" is unknown and left out; a later version may know it`,
		`saved settings: option "stream-key…" is unknown and left out; a later version may know it`,
	}, told)
	require.Equal(t, 4096, o.ChunkSize)
	require.False(t, o.TLSVerify)
	require.Empty(t, o.URL)

	problems, err = Load([]byte("RTMPWriter 1"+strings.Repeat("\nx=", 1000)+strings.Repeat("\nx", 1000)), &o, key(1).show)
	require.NoError(t, err)
	require.Len(t, problems, maxProblems)
}

// A property bag has all options; a secret written by hand is taken.
func TestPairs(t *testing.T) {
	o := changed(t)
	pairs, err := Pairs(o, publish.DefaultOptions(), true, key(1).hide)
	require.NoError(t, err)
	require.Len(t, pairs, len(o.Fields()))
	fresh := publish.DefaultOptions()
	require.Empty(t, Take(pairs, &fresh, key(1).show))
	require.Equal(t, o, fresh)

	require.Empty(t, Take([]Pair{{"password", "mine"}, {"tcp-no-delay", "-1"}, {"trace", "0"}}, &fresh, key(1).show))
	require.Equal(t, "mine", fresh.Password)
	require.True(t, fresh.TCPNoDelay)
	require.Zero(t, fresh.Trace)
}

// FuzzLoad feeds saved settings: no panic, nothing changed after a refusal, and
// what was taken can be saved and loaded again.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"RTMPWriter 1\n", "RTMPWriter 1\nchunk-size=4096\ntrace=9\n", "RTMPWriter 2\n", "RTMPWriter 1\r\ntrace=1\r\n", "RTMPWriter 1\nusername=%00%FF%\n",
		"RTMPWriter 1\npassword=protected:AcXA\nurl=protected:AQ==\nstream-key=x", "RTMPWriter 1\nbackup-urls=a  b\nfirst-timecode= 5\nconnect-info= {}\n\n=\n", "", "\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		usual := publish.DefaultOptions()
		o := usual
		problems, err := Load(data, &o, key(1).show)
		if err != nil {
			require.Equal(t, usual, o)
			require.Empty(t, problems)
			return
		}
		saved, err := Save(o, usual, key(1).hide)
		require.NoError(t, err)
		again := usual
		problems, err = Load(saved, &again, key(1).show)
		require.NoError(t, err)
		require.Empty(t, problems)
		twice, err := Save(again, usual, key(1).hide)
		require.NoError(t, err)
		require.Equal(t, string(saved), string(twice))
	})
}
