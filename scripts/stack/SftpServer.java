import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.apache.sshd.server.forward.AcceptAllForwardingFilter;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.extensions.openssh.AbstractOpenSSHExtensionParser.OpenSSHExtension;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/**
 * An SFTP server on 127.0.0.1: {@code SftpServer PORT FOLDER [--plain] [--forwarding]}. sftp.ts writes the folder:
 * {@code host-key} (private, in OpenSSH's format), {@code root/} (what all users see as {@code /}) and a folder for each
 * user below {@code users/}, with {@code password}, {@code authorized_keys} or both. {@code --plain} is a server without
 * OpenSSH's extensions; {@code --forwarding} lets clients open connections through it, as through a jump host.
 * What is below a folder called {@code denied} is nobody's to open or move, whoever runs the server.
 */
public final class SftpServer {
    private static final String DENIED = "denied";

    public static void main(String[] args) throws Exception {
        List<String> flags = List.of(args).subList(2, args.length);
        Path folder = Path.of(args[1]);
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setPort(Integer.parseInt(args[0]));
        server.setKeyPairProvider(new FileKeyPairProvider(folder.resolve("host-key")));
        server.setFileSystemFactory(new VirtualFileSystemFactory(folder.resolve("root")));
        authenticate(server, folder.resolve("users"));
        SftpSubsystemFactory sftp = flags.contains("--plain") ? new PlainSftp() : new SftpSubsystemFactory();
        sftp.addSftpEventListener(new Denials());
        server.setSubsystemFactories(List.of(sftp));
        if (flags.contains("--forwarding")) server.setForwardingFilter(AcceptAllForwardingFilter.INSTANCE);
        server.start();
        Thread.currentThread().join();
    }

    private static void authenticate(SshServer server, Path users) {
        server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, UserAuthPasswordFactory.INSTANCE));
        PasswordAuthenticator passwords = (user, password, session) -> {
            Path file = users.resolve(user).resolve("password");
            try {
                return Files.exists(file) && Files.readString(file).equals(password);
            } catch (IOException unreadable) {
                return false;
            }
        };
        server.setPasswordAuthenticator(passwords);
        PublickeyAuthenticator keys = (user, key, session) -> {
            Path file = users.resolve(user).resolve("authorized_keys");
            return Files.exists(file) && new AuthorizedKeysAuthenticator(file).authenticate(user, key, session);
        };
        server.setPublickeyAuthenticator(keys);
        // More than a client's usual number of keys, so that none is refused for the number of its attempts.
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(server, 50);
    }

    /** Without OpenSSH's extensions: they are neither announced nor obeyed. */
    private static final class PlainSftp extends SftpSubsystemFactory {
        @Override
        public Command createSubsystem(ChannelSession channel) throws IOException {
            SftpSubsystem subsystem = new SftpSubsystem(channel, this) {
                @Override
                protected List<OpenSSHExtension> resolveOpenSSHExtensions(ServerSession session) {
                    return List.of();
                }

                @Override
                protected void executeExtendedCommand(Buffer buffer, int id, String extension) throws IOException {
                    doUnsupportedExtension(buffer, id, extension);
                }
            };
            getRegisteredListeners().forEach(subsystem::addSftpEventListener);
            return subsystem;
        }
    }

    /** Refusals that file permissions could not make, as they do not bind a server that root runs. */
    private static final class Denials implements SftpEventListener {
        @Override
        public void opening(ServerSession session, String id, Handle handle) throws IOException {
            refuse(handle.getFile());
        }

        @Override
        public void readingEntries(ServerSession session, String id, DirectoryHandle handle) throws IOException {
            refuse(handle.getFile());
        }

        @Override
        public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> options)
                throws IOException {
            refuse(from);
            refuse(to);
        }

        @Override
        public void removing(ServerSession session, Path path, boolean isDirectory) throws IOException {
            refuse(path);
        }

        private static void refuse(Path path) throws AccessDeniedException {
            for (Path part : path) {
                if (part.toString().equals(DENIED)) throw new AccessDeniedException(path.toString());
            }
        }
    }
}
