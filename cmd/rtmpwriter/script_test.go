package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rtmpwriter/internal/clip"
	"rtmpwriter/internal/receiver"
)

// The scripts in testdata/script run the real program as a process of its own,
// against the embedded receiver at $RTMP (host and port).

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rtmpwriter": main, "show-arguments": showArguments})
}

type server struct {
	*receiver.Receiver
	videos chan struct{} // one for each coded picture that arrived
	data   chan string   // the names of data messages that arrived, with their values
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			s := &server{videos: make(chan struct{}, 1<<16), data: make(chan string, 1<<10)}
			var err error
			s.Receiver, err = receiver.Start(context.Background(), receiver.Config{OnMessage: func(m receiver.Message) {
				if m.Kind == receiver.KindVideo {
					s.videos <- struct{}{}
				}
				if m.Kind == receiver.KindData && m.Name != "onMetaData" {
					s.data <- fmt.Sprint(m.Stored, " ", m.Name, " ", m.Values)
				}
			}})
			if err != nil {
				return err
			}
			env.Defer(func() { _ = s.Close() })
			env.Values["server"] = s
			env.Setenv("RTMP", s.Addr())
			whole, err := io.ReadAll(clip.Reader())
			if err != nil {
				return err
			}
			return errors.Join(
				os.WriteFile(filepath.Join(env.WorkDir, "clip.mp4"), whole, 0o600),
				writeFLV(filepath.Join(env.WorkDir, "clip.flv")),
				writeStuck(filepath.Join(env.WorkDir, "stuck.flv")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "arrived": arrived, "control": controlLines, "data": arrivedData, "flaky": flaky, "interrupt": interrupt, "truncate": truncate,
		},
	})
}

// exits CODE COMMAND... runs a command that must end with the code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if want := args[0]; strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// arrived VIDEO AUDIO [KEY] checks what the receiver got in its oldest stream.
func arrived(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	got, err := ts.Value("server").(*server).Wait(ctx)
	ts.Check(err)
	for i, n := range []int{got.Video.Frames, got.Audio.Frames} {
		if strconv.Itoa(n) != args[i] {
			ts.Fatalf("%d video and %d audio frames arrived, want %s and %s", got.Video.Frames, got.Audio.Frames, args[0], args[1])
		}
	}
	if len(args) > 2 && got.App+" "+got.Key != args[2] {
		ts.Fatalf("published as %q, want %q", got.App+" "+got.Key, args[2])
	}
	if got.Err != nil || got.End == receiver.EndClosed {
		ts.Fatalf("the stream did not end politely: %v %v", got.End, got.Err)
	}
}

// interrupt [-pipe FILE | -stuck FILE] SIGNAL COMMAND... runs a command, sends it
// the signal when pictures arrive, and checks that it ends with code 130. Its list
// of processes entry must not show SECRET. With -pipe its standard input is FILE
// and then a pipe that stays open without a byte. With -stuck likewise, but the
// signal comes when FILE, which must be longer than a pipe holds, has been read.
func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var mode, file string
	if args[0][0] == '-' {
		mode, file, args = args[0], args[1], args[2:]
	}
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	cmd := exec.CommandContext(ctx, path, args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	read := make(chan struct{})
	if file != "" {
		stdin, err := cmd.StdinPipe() // closed by Wait
		ts.Check(err)
		content, err := os.ReadFile(ts.MkAbs(file))
		ts.Check(err)
		go func() { // ends with the command
			_, _ = stdin.Write(content)
			close(read)
		}()
	}
	forgetPictures(ts)
	ts.Check(cmd.Start())
	if mode == "-stuck" {
		<-read
	} else {
		awaitPictures(ctx, ts)
	}
	if runtime.GOOS == "linux" {
		line, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/cmdline")
		ts.Check(err)
		if strings.Contains(string(line), "SECRET") {
			ts.Fatalf("the list of processes shows the key: %q", line)
		}
	}
	ts.Check(cmd.Process.Signal(map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}[args[0]]))
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		ts.Fatalf("ended with %v, want exit code %d", err, exitInterrupted)
	}
}

// forgetPictures takes those of a program that has ended, which would tell that
// the next one runs before it has begun.
func forgetPictures(ts *testscript.TestScript) {
	s, _ := ts.Value("server").(*server)
	for {
		select {
		case <-s.videos:
		default:
			return
		}
	}
}

func awaitPictures(ctx context.Context, ts *testscript.TestScript) {
	s, _ := ts.Value("server").(*server)
	for range 3 {
		select {
		case <-s.videos:
		case <-ctx.Done():
			ts.Fatalf("no picture arrived")
		}
	}
}

// truncate FILE SIZE cuts a file.
func truncate(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), size))
}
