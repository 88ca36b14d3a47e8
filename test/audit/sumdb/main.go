// Checks notes, inclusion and consistency proofs of an audit log with the Go project's own implementation.
// Reads one JSON object from standard input and prints "ok", or what does not hold.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Index int64
	Body  string
	Path  []string
}

type input struct {
	Vkey        string
	Older       string
	Newer       string
	Inclusions  []inclusion
	Consistency []string
}

type head struct {
	size int64
	root tlog.Hash
}

func main() {
	var in input
	check(json.NewDecoder(os.Stdin).Decode(&in))
	verifier, err := note.NewVerifier(in.Vkey)
	check(err)
	older, newer := open(in.Older, verifier), open(in.Newer, verifier)
	for _, one := range in.Inclusions {
		leaf := tlog.RecordHash([]byte(one.Body))
		check(tlog.CheckRecord(hashes(one.Path), newer.size, newer.root, one.Index, leaf))
	}
	check(tlog.CheckTree(hashes(in.Consistency), newer.size, newer.root, older.size, older.root))
	fmt.Println("ok")
}

func open(text string, verifier note.Verifier) head {
	signed, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	return head{size, hash(lines[2])}
}

func hashes(texts []string) []tlog.Hash {
	var all []tlog.Hash
	for _, text := range texts {
		all = append(all, hash(text))
	}
	return all
}

func hash(text string) (result tlog.Hash) {
	bytes, err := base64.StdEncoding.DecodeString(text)
	check(err)
	copy(result[:], bytes)
	return result
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
