package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// lal is lalserver, the tool of that name in go.mod. It tells the end
// of a publish by HTTP, when the recording is closed.
type lal struct {
	events
	dir     string
	port    int
	process *process
	notify  *httptest.Server
}

// Lal starts lalserver in the folder dir. The go command builds it when its
// cache has it not.
func Lal(ctx context.Context, dir string) (Server, error) {
	path, err := exec.CommandContext(ctx, "go", "tool", "-n", "lalserver").Output()
	if err != nil {
		return nil, fmt.Errorf("go tool lalserver: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	l := &lal{dir: dir, port: port}
	l.notify = httptest.NewServer(http.HandlerFunc(l.told))
	if err := l.configure(); err != nil {
		return nil, err
	}
	if l.process, err = startProcess(dir, strings.TrimSpace(string(path)), "-c", "lal.json"); err != nil {
		l.notify.Close()
		return nil, err
	}
	if err := l.process.listening(ctx, port); err != nil {
		_ = l.Close()
		return nil, err
	}
	return l, nil
}

// configure turns off all but RTMP and the FLV recording.
func (l *lal) configure() error {
	type object = map[string]any
	config, err := json.MarshalIndent(object{
		"conf_version": "v0.4.1",
		"rtmp":         object{"enable": true, "addr": fmt.Sprintf("127.0.0.1:%d", l.port)},
		"record":       object{"enable_flv": true, "flv_out_path": l.dir},
		"http_notify":  object{"enable": true, "on_pub_start": l.notify.URL + "/start", "on_pub_stop": l.notify.URL + "/stop"},
		"log":          object{"level": 3, "is_to_stdout": true},
	}, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(l.dir, "lal.json"), config, 0o600)
}

func (l *lal) told(_ http.ResponseWriter, r *http.Request) {
	var event struct {
		Stream string `json:"stream_name"`
	}
	if err := json.NewDecoder(r.Body).Decode(&event); err != nil {
		return
	}
	if r.URL.Path == "/start" {
		l.complete(started+event.Stream, "")
		return
	}
	// lal adds the second of the start to the name.
	recording := regexp.MustCompile("^" + regexp.QuoteMeta(event.Stream) + `-\d+\.flv$`)
	files, _ := os.ReadDir(l.dir) // none: the wait's own bound tells
	for _, f := range files {
		if recording.MatchString(f.Name()) {
			l.complete(event.Stream, filepath.Join(l.dir, f.Name()))
		}
	}
}

// Name names lal.
func (l *lal) Name() string { return "lal (0.37.4)" }

// Expect waits for lal's word that the publish has stopped.
func (l *lal) Expect(_ context.Context, key string) (*Reception, error) {
	return &Reception{
		URL: fmt.Sprintf("rtmp://127.0.0.1:%d/live/%s", l.port, key), Started: l.expect(started + key), Wait: l.expect(key),
	}, nil
}

// Close ends lal.
func (l *lal) Close() error {
	l.notify.Close()
	return l.process.stop()
}
