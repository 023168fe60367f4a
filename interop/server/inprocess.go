package server

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"rtmpwriter/internal/receiver"
	"rtmpwriter/interop/elementary"
)

// inprocess is this module's receiver on the go-rtmp library. It sees every
// message as it came and writes it to a file.
type inprocess struct {
	dir      string
	receiver *receiver.Receiver
	ended    sync.WaitGroup // collect

	events
	mu      sync.Mutex
	files   map[string]*FLV
	results map[string]*receiver.Result
}

// Inprocess starts the receiver; recordings go to the folder dir.
func Inprocess(ctx context.Context, dir string) (Server, error) {
	s := &inprocess{dir: dir, files: map[string]*FLV{}, results: map[string]*receiver.Result{}}
	var err error
	s.receiver, err = receiver.Start(ctx, receiver.Config{Record: true, OnMessage: s.write})
	if err != nil {
		return nil, err
	}
	s.ended.Go(s.collect)
	return s, nil
}

// write is called from the connections' goroutines.
func (s *inprocess) write(m receiver.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[m.Stream.Key]
	if f == nil {
		f = &FLV{}
		s.files[m.Stream.Key] = f
	}
	f.AddMessage(m)
}

// collect takes the results until the receiver is closed.
func (s *inprocess) collect() {
	for {
		result, err := s.receiver.Wait(context.Background())
		if err != nil {
			return
		}
		s.mu.Lock()
		s.results[result.Key] = result
		f := s.files[result.Key]
		delete(s.files, result.Key)
		s.mu.Unlock()
		if f == nil {
			f = &FLV{}
		}
		path := s.path(result.Key)
		if err := os.WriteFile(path, f.Bytes(), 0o600); err == nil {
			s.complete(result.Key, path)
		}
	}
}

func (s *inprocess) path(key string) string { return filepath.Join(s.dir, key+".flv") }

// Name names the library.
func (s *inprocess) Name() string { return "go-rtmp (0.0.7), in process" }

// Expect waits for the receiver's result.
func (s *inprocess) Expect(_ context.Context, key string) (*Reception, error) {
	return &Reception{
		URL: s.receiver.URL("live", key), Wait: s.expect(key),
		Check: func(sent *elementary.File) []string {
			s.mu.Lock()
			defer s.mu.Unlock()
			result := s.results[key]
			if result == nil {
				return []string{fmt.Sprintf("%s: no result", key)}
			}
			return checkMessages(result, sent)
		},
	}, nil
}

// Close ends the receiver.
func (s *inprocess) Close() error {
	err := s.receiver.Close()
	s.ended.Wait()
	return err
}
